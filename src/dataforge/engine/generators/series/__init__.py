"""Values along time, each of them random access: series, sensors, candles, their steps."""
