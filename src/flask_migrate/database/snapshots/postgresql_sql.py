"""The queries that read PostgreSQL's catalog: one for each kind of thing, whatever its number.

Names and characters are cast to text, for drivers differ in what they make of the catalog's
own types. A partition belongs to its table, and so do its columns and indexes.
"""

from sqlalchemy import TextClause, bindparam, text

COMPRESSION_SINCE = (14,)
"""The version of the server that can compress a column in more than one way."""


def _of_schemas(sql: str) -> TextClause:
    return text(sql).bindparams(bindparam("schemas", expanding=True))


# What the server writes depends on these. A path without what is in it by itself, and with
# temporary tables at its end, makes a name with a schema of each that is in no schema of ours.
SETTINGS = _of_schemas("""
SELECT set_config('search_path', (SELECT string_agg(quote_ident(u.name), ', ' ORDER BY u.place)
           FROM unnest(CAST(:path AS text[])) WITH ORDINALITY u (name, place)), true),
       set_config('quote_all_identifiers', 'off', true),
       set_config('standard_conforming_strings', 'on', true),
       set_config('DateStyle', 'ISO, MDY', true),
       set_config('IntervalStyle', 'postgres', true),
       set_config('TimeZone', 'UTC', true),
       set_config('extra_float_digits', '1', true),
       set_config('bytea_output', 'hex', true),
       ARRAY(SELECT n.nspname::text FROM pg_namespace n WHERE n.nspname IN :schemas) AS schemas
""")

TABLES = _of_schemas("""
SELECT c.oid AS id, n.nspname::text AS schema, c.relname::text AS name,
       d.description AS comment, x.extname::text AS owner,
       c.relpersistence = 'u' AS is_unlogged,
       s.spcname::text AS tablespace,
       CASE WHEN m.amname <> current_setting('default_table_access_method')
            THEN m.amname::text END AS method,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partition_by,
       CASE WHEN c.relkind = 'p' THEN
       (SELECT array_agg('CREATE TABLE ' || p.relid::regclass || ' PARTITION OF '
                         || p.parentrelid::regclass || ' ' || pg_get_expr(k.relpartbound, k.oid)
                         || COALESCE(' PARTITION BY ' || pg_get_partkeydef(k.oid), '')
                         ORDER BY p.level, k.relname)
        FROM pg_partition_tree(c.oid) p JOIN pg_class k ON k.oid = p.relid
        WHERE p.level > 0) END AS partitions,
       (SELECT string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno)
        FROM pg_inherits i WHERE i.inhrelid = c.oid) AS parents,
       c.reloptions AS storage, o.reloptions AS toast_storage
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_description d
  ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
LEFT JOIN pg_depend e
  ON e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
LEFT JOIN pg_extension x ON x.oid = e.refobjid
LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
LEFT JOIN pg_am m ON m.oid = c.relam
LEFT JOIN pg_class o ON o.oid = c.reltoastrelid
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND NOT c.relispartition
  AND n.nspname IN :schemas
""")

_COLUMNS = """
SELECT c.oid AS "table", a.attname::text AS name, a.attnum::int AS number,
       format_type(a.atttypid, a.atttypmod) AS type, format_type(a.atttypid, NULL) AS plain_type,
       NOT a.attnotnull AS nullable, pg_get_expr(f.adbin, f.adrelid) AS "default",
       a.attidentity::text AS identity, a.attgenerated::text AS generated,
       CASE WHEN pg_collation_is_visible(k.oid) THEN k.collname::text
            ELSE l.nspname || '.' || k.collname END AS collation,
       d.description AS comment, a.attinhcount > 0 AS is_inherited, a.attislocal AS is_local,
       CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END AS storage,
       a.attcompression::text AS compression
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
LEFT JOIN pg_collation k ON k.oid = a.attcollation AND a.attcollation <> t.typcollation
LEFT JOIN pg_namespace l ON l.oid = k.collnamespace
LEFT JOIN pg_description d
  ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = a.attnum
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND NOT c.relispartition
  AND n.nspname IN :schemas AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY c.oid, a.attnum
"""
COLUMNS = _of_schemas(_COLUMNS)
COLUMNS_BEFORE_COMPRESSION = _of_schemas(_COLUMNS.replace("a.attcompression::text", "''"))

# A constraint with a parent is a part of one: of a foreign key, for each partition of its target.
CONSTRAINTS = _of_schemas("""
SELECT k.conrelid AS "table", k.contype::text AS kind, k.conname::text AS name,
       pg_get_constraintdef(k.oid) AS definition, d.description AS comment,
       ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u (number, place)
             JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number
             ORDER BY u.place) AS columns,
       tn.nspname::text AS target_schema, t.relname::text AS target,
       ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u (number, place)
             JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number
             ORDER BY u.place) AS target_columns
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class t ON t.oid = k.confrelid
LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_description d
  ON d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid AND d.objsubid = 0
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND NOT c.relispartition
  AND n.nspname IN :schemas
  AND k.contype IN ('p', 'u', 'f', 'c', 'x') AND k.conparentid = 0
  AND (k.conislocal OR k.coninhcount = 0)
""")

# An index of a materialized view has a "view", for it is none of a table.
INDEXES = _of_schemas("""
SELECT i.indrelid AS "table", n.nspname::text AS schema, x.relname::text AS name,
       CASE WHEN c.relkind = 'm' THEN c.relname::text END AS view,
       i.indisunique AS is_unique, i.indisvalid AS is_valid, d.description AS comment,
       pg_get_indexdef(i.indexrelid) AS statement,
       format('%I ON %s%I.%I ', x.relname,
              CASE WHEN x.relkind = 'I' THEN 'ONLY ' ELSE '' END, n.nspname, c.relname) AS subject,
       pg_get_expr(i.indpred, i.indrelid) AS predicate, s.spcname::text AS tablespace,
       ARRAY(SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY u (number, place)
             LEFT JOIN pg_attribute a
               ON u.number > 0 AND a.attrelid = i.indrelid AND a.attnum = u.number
             WHERE u.place <= i.indnkeyatts ORDER BY u.place) AS columns
FROM pg_index i
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_tablespace s ON s.oid = x.reltablespace
LEFT JOIN pg_description d
  ON d.classoid = 'pg_class'::regclass AND d.objoid = x.oid AND d.objsubid = 0
WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND NOT c.relispartition
  AND n.nspname IN :schemas
  AND NOT EXISTS (SELECT FROM pg_constraint k
                  WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
""")

SEQUENCES = _of_schemas("""
SELECT n.nspname::text AS schema, c.relname::text AS name, c.oid::regclass::text AS shown,
       o.refobjid AS "table", o.refobjsubid AS number,
       format_type(q.seqtypid, NULL) AS type, q.seqstart AS start, q.seqincrement AS increment,
       q.seqmin AS minvalue, q.seqmax AS maxvalue, q.seqcache AS cache, q.seqcycle AS cycle
FROM pg_sequence q
JOIN pg_class c ON c.oid = q.seqrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_depend o
  ON o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.deptype IN ('a', 'i')
  AND o.refclassid = 'pg_class'::regclass AND o.refobjsubid > 0
WHERE c.relpersistence <> 't' AND n.nspname IN :schemas
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass
                  AND e.objid = c.oid AND e.deptype = 'e')
""")

TYPES = _of_schemas("""
SELECT t.typtype = 'e' AS is_enum, n.nspname::text AS schema, t.typname::text AS name,
       d.description AS comment,
       ARRAY(SELECT l.enumlabel::text FROM pg_enum l WHERE l.enumtypid = t.oid
             ORDER BY l.enumsortorder) AS labels,
       format_type(t.typbasetype, t.typtypmod) AS type,
       CASE WHEN t.typcollation <> b.typcollation THEN format('%s%I',
           CASE WHEN pg_collation_is_visible(k.oid) THEN '' ELSE quote_ident(l.nspname) || '.' END,
           k.collname) END AS collation,
       pg_get_expr(t.typdefaultbin, 0) AS "default", t.typnotnull AS is_required,
       ARRAY(SELECT r.conname::text FROM pg_constraint r WHERE r.contypid = t.oid
             AND r.contype = 'c' ORDER BY r.conname) AS condition_names,
       ARRAY(SELECT pg_get_constraintdef(r.oid) FROM pg_constraint r WHERE r.contypid = t.oid
             AND r.contype = 'c' ORDER BY r.conname) AS conditions
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_type b ON b.oid = t.typbasetype
LEFT JOIN pg_collation k ON k.oid = t.typcollation
LEFT JOIN pg_namespace l ON l.oid = k.collnamespace
LEFT JOIN pg_description d
  ON d.classoid = 'pg_type'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE t.typtype IN ('e', 'd') AND n.nspname IN :schemas
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_type'::regclass
                  AND e.objid = t.oid AND e.deptype = 'e')
""")

# What depends internally was made along with something else: the constructors of a range type.
CODE = _of_schemas("""
SELECT c.oid AS id, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END AS kind,
       n.nspname::text AS schema, c.relname::text AS name, NULL AS "table",
       NULL AS signature,
       format('CREATE %sVIEW %s%s AS%s', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED ' END,
              c.oid::regclass, ' WITH (' || array_to_string(c.reloptions, ', ') || ')',
              chr(10) || pg_get_viewdef(c.oid)) AS definition,
       ARRAY(SELECT format('COMMENT ON %sVIEW %s IS %L',
                           CASE c.relkind WHEN 'm' THEN 'MATERIALIZED ' END,
                           c.oid::regclass, d.description)
             FROM pg_description d
             WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0)
       || ARRAY(SELECT format('COMMENT ON COLUMN %s.%I IS %L',
                              c.oid::regclass, a.attname, d.description)
                FROM pg_description d JOIN pg_attribute a ON a.attrelid = c.oid
                WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid
                  AND d.objsubid = a.attnum AND a.attnum > 0 ORDER BY a.attnum)
       || ARRAY(SELECT format('GRANT %s ON %s TO %s',
                              string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type),
                              c.oid::regclass,
                              CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END)
                FROM aclexplode(c.relacl) g WHERE g.grantee <> c.relowner
                GROUP BY g.grantee ORDER BY g.grantee) AS further
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't' AND n.nspname IN :schemas
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass
                  AND e.objid = c.oid AND e.deptype = 'e')
UNION ALL
SELECT p.oid, CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END,
       n.nspname::text, p.proname::text, NULL, pg_get_function_identity_arguments(p.oid),
       pg_get_functiondef(p.oid),
       ARRAY[]::text[]
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prokind IN ('f', 'p', 'w') AND n.nspname IN :schemas
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass
                  AND e.objid = p.oid AND e.deptype IN ('e', 'i'))
UNION ALL
SELECT g.oid, 'trigger', n.nspname::text, g.tgname::text, c.relname::text, NULL,
       pg_get_triggerdef(g.oid),
       ARRAY[]::text[]
FROM pg_trigger g
JOIN pg_class c ON c.oid = g.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT g.tgisinternal AND c.relkind IN ('r', 'p', 'v') AND c.relpersistence <> 't'
  AND NOT c.relispartition AND n.nspname IN :schemas
""")

USES = _of_schemas("""
SELECT DISTINCT r.ev_class AS id, tn.nspname::text AS schema, t.relname::text AS name,
       coalesce(a.attname::text, '') AS "column"
FROM pg_rewrite r
JOIN pg_class c ON c.oid = r.ev_class
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
  AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class
JOIN pg_class t ON t.oid = d.refobjid AND t.relkind IN ('r', 'p', 'v', 'm', 'f')
JOIN pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_attribute a
  ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid AND d.refobjsubid <> 0
WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't' AND n.nspname IN :schemas
""")
