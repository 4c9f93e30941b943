import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import type { IConstruct } from 'constructs';

/** What every construct of an app may ask for. */
export interface AppContext {
  /** The minor version of Kubernetes of its clusters: `1.36`. */
  readonly kubernetes: string;
  /** Whether the app is only asked what has to be rendered: what was rendered before is not read. */
  readonly rendering: boolean;
}

const KEY = 'kubernetes-on-aws/app';

/** The context of an app, as CDKTF takes it. */
export const contextOf = (context: AppContext): Record<string, unknown> => ({ [KEY]: context });

/** What the app of a construct says; an app without it has a cluster of the default version. */
export const appContext = ({ node }: IConstruct): AppContext =>
  (node.tryGetContext(KEY) as AppContext | undefined) ?? {
    kubernetes: DEFAULT_KUBERNETES_VERSION,
    rendering: false,
  };
