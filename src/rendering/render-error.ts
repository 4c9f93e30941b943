import { UserError } from '../facts/user-error';

/** A chart or a kustomization cannot be rendered as it is; one line for each construct. */
export class RenderError extends UserError {
  readonly code = 'not-rendered';
  readonly exitStatus = 1;
}

/** A chart cannot be downloaded. */
export class ChartUnavailableError extends UserError {
  readonly code = 'chart-unavailable';
  readonly exitStatus = 2;
}
