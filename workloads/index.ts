import { orders } from './orders';
import { storefront } from './storefront';

/** The workloads that a namespace may run. */
export const workloads = [storefront, orders];
