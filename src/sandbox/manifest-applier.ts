import { ExecaError } from 'execa';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AddressedObject, KubernetesObject } from '../manifests/objects';
import { toYaml } from '../manifests/yaml';
import type { Kubectl } from '@kubernetes-on-aws/eks-sandbox/kubectl';

const FIELD_MANAGER = 'sandbox';

/** Whether a stack was applied from its manifests, if only in part. */
export function appliedFromManifests(directory: string, stack: string): boolean {
  return existsSync(recordFile(directory, stack));
}

/** The file that tells what of a stack was applied. */
function recordFile(directory: string, stack: string): string {
  return join(directory, 'applied', `${stack}.json`);
}

/**
 * Applies the Kubernetes objects of a stack by server-side apply with strict field validation. It is for machines on which
 * Terraform cannot get its Kubernetes provider. It records what it applies, and deletes what a later program no longer has, as
 * Terraform would.
 */
export class ManifestApplier {
  private readonly record: string;
  private reading: Promise<readonly AddressedObject[]> | undefined;

  /** @param read gives the objects: asked only where they are needed, because some hold values that only AWS knows */
  constructor(
    private readonly kubectl: Kubectl,
    private readonly read: () => Promise<readonly AddressedObject[]>,
    directory: string,
    stack: string,
  ) {
    this.record = recordFile(directory, stack);
  }

  /** Whether it was applied before, if only in part. */
  get begun(): boolean {
    return existsSync(this.record);
  }

  /** Whether the API server would change anything. */
  async differs(): Promise<boolean> {
    const objects = await this.objects();
    return this.gone(objects).length > 0 || this.change(objects);
  }

  private async change(objects: readonly AddressedObject[]): Promise<boolean> {
    try {
      await this.kubectl.run(['diff', ...this.serverSide(), '--filename', '-'], { input: toYaml(objects) });
      return false;
    } catch (error) {
      if (!(error instanceof ExecaError)) throw error;
      const refused = refusedChanges(objects, String(error.stderr));
      // Status 1 says that there are differences; a namespace that is still to be made is one, and so is what can't be
      // changed, though kubectl calls them errors.
      const differ = error.exitCode === 1 || this.applied().length === 0;
      if (differ || refused.length > 0) return true;
      throw error;
    }
  }

  /** Applies the objects in their order, and deletes those that were applied before and are no more. */
  async apply(): Promise<void> {
    const objects = await this.objects();
    // Written down first: an object that is applied is known even if the apply is cut off.
    const gone = this.gone(objects);
    this.write([...objects.map(({ object }) => object), ...gone]);
    try {
      await this.serverSideApply(objects);
    } catch (error) {
      const fixed = error instanceof ExecaError ? refusedChanges(objects, String(error.stderr)) : [];
      if (fixed.length === 0) throw error;
      await this.remove(fixed.map(({ object }) => object));
      await this.serverSideApply(objects);
    }
    await this.remove(gone);
    this.write(objects.map(({ object }) => object));
  }

  /** Deletes what was applied, in reverse, and waits until it is gone. */
  async destroy(): Promise<void> {
    await this.remove(this.applied().reverse());
    rmSync(this.record, { force: true });
  }

  private objects(): Promise<readonly AddressedObject[]> {
    return (this.reading ??= this.read().then((objects) => this.asKept(objects)));
  }

  /** The objects with what Terraform would leave as it is in the cluster. */
  private async asKept(objects: readonly AddressedObject[]): Promise<readonly AddressedObject[]> {
    const keeping = objects.filter(({ keeps = [] }) => keeps.length > 0);
    if (keeping.length === 0) return objects;
    const args = ['get', '--ignore-not-found', '--output=json', '--filename', '-'];
    const text = await this.kubectl.run(args, { input: toYaml(keeping) });
    const found =
      text.trim() === ''
        ? undefined
        : (JSON.parse(text) as KubernetesObject & { items?: KubernetesObject[] });
    const live = new Map((found?.items ?? (found ? [found] : [])).map((each) => [reference(each), each]));
    return objects.map((each) => {
      const existing = live.get(reference(each.object));
      if (existing === undefined || each.keeps === undefined) return each;
      const object = each.keeps.reduce<object>(
        (of, field) => withValue(of, existing, field.split('.')),
        each.object,
      );
      return { ...each, object: object as KubernetesObject };
    });
  }

  private async serverSideApply(objects: readonly AddressedObject[]): Promise<void> {
    await this.kubectl.run(['apply', ...this.serverSide(), '--validate=strict', '--filename', '-'], {
      input: toYaml(objects),
    });
  }

  private serverSide(): string[] {
    return ['--server-side', '--force-conflicts', `--field-manager=${FIELD_MANAGER}`];
  }

  private async remove(objects: readonly KubernetesObject[]): Promise<void> {
    // The controller makes a deleted default account again at once; it goes with its namespace.
    const deletable = objects.filter(
      ({ kind, metadata }) => !(kind === 'ServiceAccount' && metadata.name === 'default'),
    );
    if (deletable.length === 0) return;
    const input = toYaml(deletable.map((object) => ({ address: reference(object), object })));
    await this.kubectl.run(['delete', '--ignore-not-found', '--wait', '--timeout=120s', '--filename', '-'], {
      input,
    });
  }

  private gone(objects: readonly AddressedObject[]): KubernetesObject[] {
    const current = new Set(objects.map(({ object }) => reference(object)));
    return this.applied().filter((object) => !current.has(reference(object)));
  }

  private applied(): KubernetesObject[] {
    return existsSync(this.record)
      ? (JSON.parse(readFileSync(this.record, 'utf8')) as KubernetesObject[])
      : [];
  }

  private write(objects: readonly KubernetesObject[]): void {
    mkdirSync(dirname(this.record), { recursive: true });
    const references = objects.map(({ apiVersion, kind, metadata: { name, namespace } }) => ({
      apiVersion,
      kind,
      metadata: { name, ...(namespace !== undefined && { namespace }) },
    }));
    writeFileSync(this.record, JSON.stringify(references));
  }
}

/** An object with the value that another has at a path. */
function withValue(object: object, other: object, [field = '', ...rest]: readonly string[]): object {
  const [own, theirs] = [object, other].map((each) => (each as Record<string, unknown>)[field]);
  const value = rest.length === 0 ? theirs : withValue(own ?? {}, theirs ?? {}, rest);
  return { ...object, [field]: value };
}

function reference({ apiVersion, kind, metadata }: KubernetesObject): string {
  return [apiVersion, kind, metadata.namespace ?? '', metadata.name ?? ''].join(' ');
}

/** Kinds that hardly change once they exist: Terraform replaces such an object. */
const FIXED_KINDS = ['Pod', 'Job'];

/** The objects of these kinds whose change the API server has refused, by what kubectl says of each. */
function refusedChanges(objects: readonly AddressedObject[], stderr: string): AddressedObject[] {
  const refused = new Set(
    [
      // One error, and one of several.
      ...stderr.matchAll(
        /^(?:The |Error from server \(Invalid\): )(\w+)\S* "([^"]+)" is invalid:.*(?:may not change fields|field is immutable)/gm,
      ),
    ].map(([, kind = '', name = '']) => `${kind} ${name}`),
  );
  return objects.filter(
    ({ object: { kind, metadata } }) =>
      FIXED_KINDS.includes(kind) && refused.has(`${kind} ${metadata.name ?? ''}`),
  );
}
