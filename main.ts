import { definePlatform } from 'kubernetes-on-aws';
import { workloads } from './workloads';

/** The platform: what `platform.yaml` can name, and stacks of its own. */
export default definePlatform({ workloads });
