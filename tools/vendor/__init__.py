"""Scripts that take data of other packages into ``dataforge.corpora``, a module a subject."""
