export * from './encryption-key';
export * from './generated-secret';
