export * from './event-collector';
export * from './fluent-bit';
export * from './log-collector';
export * from './scrape';
