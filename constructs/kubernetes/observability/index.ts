export * from './event-collector';
export type { CollectorOptions } from './fluent-bit';
export * from './log-collector';
export * from './scrape';
