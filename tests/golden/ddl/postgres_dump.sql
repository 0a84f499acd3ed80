--
-- PostgreSQL database dump
--
\restrict abc
SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;

CREATE TYPE public.mood AS ENUM (
    'calm',
    'it''s loud'
);
ALTER TYPE public.mood OWNER TO shop;

CREATE DOMAIN public.us_postal_code AS text
	CONSTRAINT us_postal_code_check CHECK (((VALUE ~ '^\d{5}$'::text) OR (VALUE ~ '^\d{5}-\d{4}$'::text)));

CREATE FUNCTION public.touch() RETURNS trigger
    LANGUAGE plpgsql
    AS $_$
BEGIN
  EXECUTE 'CREATE TABLE not_a_table (id int);';
  RETURN NEW;
END;
$_$;

CREATE TABLE public.customers (
    id bigint NOT NULL,
    email public.citext NOT NULL,
    name character varying(80) DEFAULT 'nobody'::character varying NOT NULL,
    zip public.us_postal_code,
    mood public.mood DEFAULT 'calm'::public.mood,
    tags text[] DEFAULT '{}'::text[],
    balance numeric(12,2) DEFAULT 0.00,
    score double precision,
    seen_at timestamp(3) with time zone,
    born date,
    address inet,
    payload jsonb,
    "Größe" smallint,
    status text,
    full_name text GENERATED ALWAYS AS (((name)::text || '!'::text)) STORED,
    CONSTRAINT customers_balance_check CHECK ((balance >= (0)::numeric)),
    CONSTRAINT customers_status_check CHECK ((status = ANY (ARRAY['new'::text, 'old'::text])))
);
ALTER TABLE ONLY public.customers ALTER COLUMN name SET STATISTICS 1000;
CREATE SEQUENCE public.customers_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE public.customers_id_seq OWNED BY public.customers.id;

CREATE TABLE public.orders (
    order_id integer NOT NULL,
    customer_id bigint NOT NULL,
    parent_id integer,
    placed date NOT NULL
) PARTITION BY RANGE (placed);

CREATE TABLE public.orders_2024 (
    order_id integer NOT NULL,
    customer_id bigint NOT NULL,
    parent_id integer,
    placed date NOT NULL
);
ALTER TABLE ONLY public.orders ATTACH PARTITION public.orders_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');

ALTER TABLE public.orders ALTER COLUMN order_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.orders_order_id_seq
    START WITH 1
);

CREATE VIEW public.everyone AS SELECT id FROM public.customers;
ALTER TABLE ONLY public.customers ALTER COLUMN id SET DEFAULT nextval('public.customers_id_seq'::regclass);

COPY public.customers (id, email) FROM stdin;
1	a@example.org
2	CREATE TABLE nor_this (id int);
\.

ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (order_id);
CREATE UNIQUE INDEX index_customers_on_email ON public.customers USING btree (email);
CREATE UNIQUE INDEX index_customers_on_lower ON public.customers USING btree (lower((name)::text));
CREATE UNIQUE INDEX index_customers_active ON public.customers USING btree (name) WHERE (status = 'new'::text);
CREATE INDEX index_orders_on_customer ON public.orders USING btree (customer_id);
ALTER TABLE public.orders
    ADD CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES public.customers(id) ON DELETE CASCADE;
COMMENT ON COLUMN public.customers.email IS 'where we write to';
COMMENT ON TABLE public.customers IS 'people who buy';
GRANT SELECT ON public.customers TO reader;
