-- Two roles for a project's store in PostgreSQL, and a schema that has nothing else:
--
--   psql -v project=NAME -f roles.sql postgres://ADMIN@HOST/DATABASE
--
-- NAME_planner is for `thresh run` and whoever looks and merges: the tables are its own. NAME_worker is for `thresh worker
-- --store`: it reads this project's tables, adds to those that workers write and changes rows there. It deletes nothing,
-- makes and drops nothing, changes no bug and no campaign, and sees no other project's schema. Neither has a password yet:
-- \password NAME_worker, and a line in ~/.pgpass where it runs.
--
-- Run it before the first campaign, once more when that has begun (it is then that there are tables to be narrowed), and
-- after an update of thresh. It may be run any number of times. The database should be fuzzing's alone: nobody but its
-- owner makes schemas and temporary tables there from then on.
\set ON_ERROR_STOP on
\if :{?project}
\else
\warn 'roles.sql: psql -v project=NAME -f roles.sql URL'
\quit
\endif
\set planner :project _planner
\set worker :project _worker

SELECT format('CREATE ROLE %I LOGIN', r) FROM unnest(ARRAY[:'planner', :'worker']) AS r
	WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) \gexec
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS :"project" AUTHORIZATION :"planner";
REVOKE CREATE, TEMPORARY ON DATABASE :"DBNAME" FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON SCHEMA :"project" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME" TO :"planner", :"worker";
GRANT USAGE ON SCHEMA :"project" TO :"worker";
ALTER ROLE :"planner" IN DATABASE :"DBNAME" SET search_path = :"project";
ALTER ROLE :"worker" IN DATABASE :"DBNAME" SET search_path = :"project";

-- tables that are there, and those that the planner will make
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA :"project" TO :"worker";
ALTER DEFAULT PRIVILEGES FOR ROLE :"planner" IN SCHEMA :"project" GRANT SELECT, INSERT, UPDATE ON TABLES TO :"worker";
-- what only a planner, or a person, changes
SELECT format('REVOKE INSERT, UPDATE ON %I.%I FROM %I', schemaname, tablename, :'worker') FROM pg_tables
	WHERE schemaname = :'project' AND tablename IN ('thresh_store', 'campaign', 'bug', 'alias', 'guard', 'loss') \gexec
