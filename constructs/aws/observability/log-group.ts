import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { type Construct, MAIN_CHILD } from '../../terraform/construct';
import { ArnConstruct } from '../account/arn-construct';

/** A log group: its name and its retention. */
export interface LogGroupOptions {
  /** Name of the group, such as `/aws/eks/seed/cluster`. */
  readonly name: string;
  /** Days that CloudWatch keeps the events. */
  readonly retentionDays: number;
}

/** A CloudWatch log group with a retention: one that AWS makes by itself would keep its events for ever. */
export class LogGroup extends ArnConstruct {
  readonly resource: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, options: LogGroupOptions) {
    super(scope, id);
    this.resource = new CloudwatchLogGroup(this, MAIN_CHILD, {
      name: options.name,
      retentionInDays: options.retentionDays,
    });
  }
}
