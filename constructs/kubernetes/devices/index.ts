export * from './device-plugin';
