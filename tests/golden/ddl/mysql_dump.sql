-- MySQL dump 10.13  Distrib 8.0.36
/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS `country`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `country` (
  `code` char(2) COLLATE utf8mb4_bin NOT NULL COMMENT 'ISO 3166; upper case',
  `name` varchar(60) CHARACTER SET utf8 NOT NULL DEFAULT '',
  `founded` year(4) DEFAULT NULL,
  `continent` enum('Asia','Europe','L\'Afrique') NOT NULL DEFAULT 'Asia',
  `flags` set('a','b') DEFAULT NULL,
  `population` int(10) unsigned DEFAULT NULL,
  `area` mediumint DEFAULT NULL,
  `active` tinyint(1) NOT NULL DEFAULT '1',
  `place` point NOT NULL /*!80003 SRID 4326 */,
  `gdp` decimal(20,4) unsigned DEFAULT NULL,
  `doc` longtext CHECK (json_valid(`doc`)),
  PRIMARY KEY (`code`),
  UNIQUE KEY `name_UNIQUE` (`name`(20)),
  KEY `idx_population` (`population`) USING BTREE,
  SPATIAL KEY `sp` (`place`)
) ENGINE=InnoDB AUTO_INCREMENT=4 DEFAULT CHARSET=utf8mb4 COMMENT='the world''s; all of it'
/*!50100 PARTITION BY KEY (code) PARTITIONS 4 */;

INSERT INTO `country` VALUES ('AA','semi;colon \' CREATE TABLE x (y int);',1999),('BB','',2000);

CREATE TABLE city (
  id bigint unsigned NOT NULL,
  `key` varchar(10),
  country_code char(2) NOT NULL,
  twin bigint unsigned,
  price double(8,2) DEFAULT 0.5 CHECK (price >= 0 AND price < 100000),
  total decimal(10,2) AS (price * 2) STORED,
  changed timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  at_exactly datetime(6),
  INDEX (`country_code`),
  FULLTEXT INDEX ft (`key`),
  CONSTRAINT fk_city FOREIGN KEY (country_code) REFERENCES country (code) ON UPDATE CASCADE ON DELETE RESTRICT
);
ALTER TABLE `city` ADD PRIMARY KEY (`id`), ADD KEY `twin` (`twin`);
ALTER TABLE `city` MODIFY `id` bigint unsigned NOT NULL AUTO_INCREMENT, AUTO_INCREMENT=7;
ALTER TABLE city ADD CONSTRAINT fk_twin FOREIGN KEY (twin) REFERENCES city (id) ON DELETE SET NULL;

DELIMITER $$
CREATE TRIGGER t BEFORE INSERT ON city FOR EACH ROW
BEGIN
  IF NEW.price IS NULL THEN SET NEW.price = 1; END IF;
  CREATE TEMPORARY TABLE scratch (id int);
END$$
DELIMITER ;
# the end
CREATE VIEW v AS SELECT 1;
