/** The Kubernetes constructs: every object that a platform declares in a namespace. @packageDocumentation */
export * from './access';
export * from './admission';
export * from './configuration';
export * from './devices';
export type { Labels, ObjectOptions } from './internal/metadata';
export * from './manifests';
export * from './namespaces';
export * from './network';
export * from './observability';
export * from './pods';
export * from './provider';
export * from './scaling';
export * from './storage';
export * from './workloads';
