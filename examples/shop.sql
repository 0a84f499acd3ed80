-- A web shop, in PostgreSQL's dialect: the input of `make demo`.

CREATE TYPE order_status AS ENUM ('pending', 'paid', 'shipped', 'delivered', 'cancelled');
CREATE TYPE payment_method AS ENUM ('card', 'paypal', 'bank_transfer', 'gift_card');

CREATE TABLE countries (
    code        char(2) PRIMARY KEY,
    name        varchar(80) NOT NULL
);

CREATE TABLE customers (
    customer_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    first_name  varchar(60) NOT NULL,
    last_name   varchar(60) NOT NULL,
    email       varchar(120) NOT NULL UNIQUE,
    phone       varchar(30),
    birth_date  date CHECK (birth_date < DATE '2010-01-01'),
    is_active   boolean NOT NULL DEFAULT true,
    created_at  timestamp NOT NULL,
    updated_at  timestamp NOT NULL,
    CHECK (updated_at >= created_at)
);

-- A customer's addresses are numbered from 1: a composite key that contains a foreign key.
CREATE TABLE addresses (
    customer_id  bigint NOT NULL REFERENCES customers,
    address_no   smallint NOT NULL CHECK (address_no BETWEEN 1 AND 20),
    street       varchar(120) NOT NULL,
    city         varchar(80) NOT NULL,
    zip          varchar(12) NOT NULL,
    country_code char(2) NOT NULL REFERENCES countries (code),
    PRIMARY KEY (customer_id, address_no)
);

-- A forest: every category but the topmost has a parent.
CREATE TABLE categories (
    category_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parent_id   integer REFERENCES categories (category_id),
    name        varchar(60) NOT NULL,
    position    integer NOT NULL DEFAULT 1 CHECK (position > 0)
);

CREATE TABLE suppliers (
    supplier_id  integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    company_name varchar(120) NOT NULL,
    website      varchar(200),
    country_code char(2) NOT NULL REFERENCES countries (code),
    rating       numeric(2, 1) CHECK (rating BETWEEN 1 AND 5)
);

CREATE TABLE products (
    product_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    category_id  integer NOT NULL REFERENCES categories,
    supplier_id  integer NOT NULL REFERENCES suppliers,
    sku          varchar(20) NOT NULL UNIQUE,
    name         varchar(120) NOT NULL,
    description  text,
    cost         numeric(10, 2) NOT NULL CHECK (cost > 0),
    price        numeric(10, 2) NOT NULL,
    weight_g     integer CHECK (weight_g > 0 AND weight_g <= 40000),
    stock        integer NOT NULL DEFAULT 0 CHECK (stock >= 0),
    discontinued boolean NOT NULL DEFAULT false,
    CHECK (price >= cost)
);

CREATE TABLE orders (
    order_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers,
    ship_to     smallint NOT NULL,
    status      order_status NOT NULL DEFAULT 'pending',
    ordered_at  timestamp NOT NULL,
    shipped_at  timestamp,
    note        text,
    FOREIGN KEY (customer_id, ship_to) REFERENCES addresses (customer_id, address_no),
    CHECK (shipped_at IS NULL OR shipped_at >= ordered_at)
);

CREATE TABLE order_lines (
    order_id   bigint NOT NULL REFERENCES orders ON DELETE CASCADE,
    line_no    integer NOT NULL,
    product_id bigint NOT NULL REFERENCES products,
    quantity   integer NOT NULL CHECK (quantity BETWEEN 1 AND 99),
    unit_price numeric(10, 2) NOT NULL CHECK (unit_price > 0),
    discount   numeric(4, 2) NOT NULL DEFAULT 0 CHECK (discount >= 0 AND discount < 1),
    PRIMARY KEY (order_id, line_no)
);

CREATE TABLE payments (
    payment_id uuid PRIMARY KEY,
    order_id   bigint NOT NULL REFERENCES orders,
    method     payment_method NOT NULL,
    amount     numeric(12, 2) NOT NULL CHECK (amount > 0),
    paid_at    timestamp NOT NULL
);

-- Who wishes for what: pairs without a duplicate.
CREATE TABLE wishlist_items (
    customer_id bigint NOT NULL REFERENCES customers,
    product_id  bigint NOT NULL REFERENCES products,
    added_at    timestamp NOT NULL,
    PRIMARY KEY (customer_id, product_id)
);

CREATE TABLE reviews (
    review_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id  bigint NOT NULL REFERENCES products,
    customer_id bigint NOT NULL REFERENCES customers,
    rating      smallint NOT NULL CHECK (rating BETWEEN 1 AND 5),
    title       varchar(120),
    body        text,
    created_at  timestamp NOT NULL,
    UNIQUE (product_id, customer_id)
);
