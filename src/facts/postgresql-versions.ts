/**
 * Major versions of PostgreSQL that Amazon RDS offers. It omits 14, whose standard support ends in February 2027, as of November 2026.
 *
 * Source: Amazon RDS for PostgreSQL Release Notes, "Release calendars for Amazon RDS for PostgreSQL".
 */
export const POSTGRESQL_VERSIONS = ['15', '16', '17', '18'] as const;

export type PostgresqlVersion = (typeof POSTGRESQL_VERSIONS)[number];

/** What a new database gets. */
export const DEFAULT_POSTGRESQL_VERSION: PostgresqlVersion = '17';
