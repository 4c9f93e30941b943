import { randomUUID } from 'node:crypto';
import type { ErrorDetail, Update, UpdateParam, UpdateType } from '@aws-sdk/client-eks';
import { messageOf } from '@kubernetes-on-aws/eks-facts/user-error';
import { EksError, notFound } from './eks-errors';
import { now, type Wire } from './wire';

/** What an update is about: the cluster itself, one of its node groups or one of its add-ons. */
export interface UpdateSubject {
  readonly nodegroupName?: string;
  readonly addonName?: string;
}

/** A failure of an update that EKS reports in `errors`, as PodEvictionFailure. */
export class UpdateFailure extends Error {
  constructor(
    readonly errorCode: NonNullable<ErrorDetail['errorCode']>,
    message: string,
    readonly resourceIds: readonly string[] = [],
  ) {
    super(message);
  }
}

/** An update with what it is about. */
export interface Entry {
  readonly update: Wire<Update>;
  readonly subject: UpdateSubject;
}

/** The updates of one cluster: each continues after it was answered, and reports how it ended when asked. */
export class Updates {
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly clusterName: string,
    private readonly report: (message: string) => void,
    /** Those of the past, by their IDs. */
    readonly entries = new Map<string, Entry>(),
  ) {}

  /** Settles once none is in progress. */
  async settled(): Promise<void> {
    await Promise.all(this.running);
  }

  /**
   * Records an update and does its work in the background.
   * @param work settles when the new values are visible
   */
  begin(
    type: UpdateType,
    parameters: Readonly<Record<string, unknown>>,
    subject: UpdateSubject,
    work: () => Promise<void> | void,
  ): Wire<Update> {
    const params = Object.entries(parameters)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => ({ type: name, value: asText(value) }) as Wire<UpdateParam>);
    const update: Wire<Update> = {
      id: randomUUID(),
      status: 'InProgress',
      type,
      params,
      createdAt: now(),
      errors: [],
    };
    this.entries.set(update.id ?? '', { update, subject });
    const answer = structuredClone(update);
    const running = Promise.resolve(work()).then(
      () => {
        update.status = 'Successful';
      },
      (error: unknown) => {
        update.status = 'Failed';
        const { errorCode = 'Unknown', resourceIds = [this.clusterName] } =
          error instanceof UpdateFailure ? error : {};
        update.errors = [{ errorCode, errorMessage: messageOf(error), resourceIds: [...resourceIds] }];
        this.report(`${type} of ${this.clusterName} failed: ${messageOf(error)}`);
      },
    );
    this.running.add(running);
    void running.then(() => this.running.delete(running));
    return answer;
  }

  get(id: string, subject: UpdateSubject): Wire<Update> {
    const entry = this.entries.get(id);
    if (!entry || !isSame(entry.subject, subject)) {
      throw notFound(`No update found for ID: ${id}`, { clusterName: this.clusterName, ...subject });
    }
    return entry.update;
  }

  /** Identifiers of the updates of the subject, the oldest first. */
  list(subject: UpdateSubject): string[] {
    return [...this.entries].filter(([, entry]) => isSame(entry.subject, subject)).map(([id]) => id);
  }

  /** @throws {EksError} ResourceInUseException while an update of the subject runs */
  assertNoneInProgress(subject: UpdateSubject): void {
    for (const [id, entry] of this.entries) {
      if (entry.update.status === 'InProgress' && isSame(entry.subject, subject)) {
        const what = subject.nodegroupName ?? subject.addonName ?? this.clusterName;
        throw new EksError('ResourceInUseException', `${what} currently has update ${id} in progress`, {
          clusterName: this.clusterName,
          ...subject,
        });
      }
    }
  }
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isSame(one: UpdateSubject, other: UpdateSubject): boolean {
  return one.nodegroupName === other.nodegroupName && one.addonName === other.addonName;
}
