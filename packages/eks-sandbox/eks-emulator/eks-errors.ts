/** The errors of the EKS API that the emulator answers with, and their HTTP status. */
const STATUS = {
  AccessDeniedException: 403,
  BadRequestException: 400,
  ClientException: 400,
  InvalidParameterException: 400,
  InvalidRequestException: 400,
  NotFoundException: 404,
  ResourceInUseException: 409,
  ResourceNotFoundException: 404,
  ServerException: 500,
  UnsupportedAvailabilityZoneException: 400,
} as const;

/** Name of an error of the EKS API. */
export type EksErrorType = keyof typeof STATUS;

/** Members that an error may carry besides its message. */
export interface EksErrorDetails {
  readonly clusterName?: string;
  readonly nodegroupName?: string;
  readonly addonName?: string;
  readonly validZones?: string[];
}

/** An answer of the EKS API other than success. */
export class EksError extends Error {
  readonly status: number;

  constructor(
    readonly type: EksErrorType,
    message: string,
    readonly details: EksErrorDetails = {},
  ) {
    super(message);
    this.name = type;
    this.status = STATUS[type];
  }
}

/** @returns an InvalidParameterException: the request is not one that EKS accepts */
export function invalidParameter(message: string, details?: EksErrorDetails): EksError {
  return new EksError('InvalidParameterException', message, details);
}

/** @returns an InvalidRequestException: not in this state, or not for this resource */
export function invalidRequest(message: string, details?: EksErrorDetails): EksError {
  return new EksError('InvalidRequestException', message, details);
}

/** @returns a ResourceInUseException: it exists already, or something still uses it */
export function inUse(message: string, details?: EksErrorDetails): EksError {
  return new EksError('ResourceInUseException', message, details);
}

/** @returns a ResourceNotFoundException */
export function notFound(message: string, details?: EksErrorDetails): EksError {
  return new EksError('ResourceNotFoundException', message, details);
}

/** Refuses a request when something does not hold. */
export type Check = (holds: unknown, message: string) => asserts holds;

/** @returns a check that throws an InvalidParameterException with these details */
export function checking(details: EksErrorDetails): Check {
  return (holds, message) => {
    if (!holds) throw invalidParameter(message, details);
  };
}
