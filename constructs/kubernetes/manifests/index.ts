export * from './api-object';
export type { EditedKinds } from './edited-kinds';
export * from './imported-object';
export * from './manifests';
export type { RepositoryChart } from '../../../src/manifests/rendered';
export type { ChartSource, KustomizationSource } from './render-request';
