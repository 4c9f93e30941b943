export * from './log-group';
export * from './managed-prometheus';
