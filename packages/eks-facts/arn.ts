/** The parts of an Amazon Resource Name; region and account are empty where a service has none. */
export interface Arn {
  /** First word after `arn:`, such as `aws`. */
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  /** Twelve digits, `aws` for what belongs to AWS itself, or empty. */
  readonly account: string;
  /** What is left, such as `role/admin`; it may have colons. */
  readonly resource: string;
}

/**
 * The parts of an ARN.
 *
 * @returns undefined when the text is not one
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export function parseArn(text: string): Arn | undefined {
  const [, partition = '', service = '', region = '', account = '', resource = ''] =
    /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/s.exec(text) ?? [];
  return resource === '' ? undefined : { partition, service, region, account, resource };
}
