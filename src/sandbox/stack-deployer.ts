import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubernetesObjects } from '../manifests/objects';
import { createdFirst, deletionProtected, protectedAddresses } from '../manifests/protected-addresses';
import type { Stack } from '../manifests/stacks';
import { keepAfterFailure } from '../pipeline/health/kept-creations';
import { removeImports } from '../pipeline/state/hand-over';
import type { StateStore } from '../pipeline/state/state-store';
import type { Json, TerraformDocument } from '../manifests/terraform-document';
import { partDirectory, workingDirectory } from './deployed-stacks';
import { adminKubectl } from '@kubernetes-on-aws/eks-sandbox/kubectl';
import { hasOtherResources, withoutKubernetes } from './aws-part';
import { variablesForTerraform } from './ephemeral-variables';
import { outputExpressions, type ExternalValues } from './external-values';
import { appliedFromManifests, ManifestApplier } from './manifest-applier';
import { unprotected, type Destroyable } from './without-protection';
import { sandboxTerraform, type SandboxTerraformOptions } from './sandbox-terraform';
import type { Terraform } from '../terraform/terraform';

const KUBERNETES = 'hashicorp/kubernetes';

/** One stack, and how it gets into the sandbox. */
export interface StackDeployer {
  /** What waits for its workloads. @default - nothing does */
  readonly terraform?: Terraform;
  /** Whether it was applied before, if only in part. */
  readonly begun: boolean;
  /** Whether an apply would change anything. */
  differs(): Promise<boolean>;
  /** Makes it as it is declared. */
  apply(): Promise<void>;
  /** Takes away all of it. */
  destroy(): Promise<void>;
}

export interface DeployerOptions extends SandboxTerraformOptions {
  /** What stacks that are applied from their manifests leave to a deployment. */
  readonly external: ExternalValues;
  /** Keeps what an apply created and could not save. @default - nothing is created, as in a destruction */
  readonly store?: StateStore;
}

/**
 * Whether a stack is applied from its manifests: its Kubernetes provider is not available, or was not when it was applied first.
 * What one way has made, the other does not know.
 */
export function isFromManifests(
  { name, document }: Pick<Stack, 'name' | 'document'>,
  { directory, providers }: Pick<SandboxTerraformOptions, 'directory' | 'providers'>,
): boolean {
  const required = requiredProviders(document)['kubernetes'];
  const lacksProvider = required !== undefined && !providers.available(KUBERNETES, required.version);
  return lacksProvider || appliedFromManifests(directory, name);
}

/** How a stack of the sandbox is deployed: by Terraform, or, where there is no Kubernetes provider, from its manifests. */
export function stackDeployer(
  stack: Pick<Stack, 'name' | 'document'>,
  options: DeployerOptions,
): StackDeployer {
  const { name, document } = stack;
  const { directory } = options;
  const variables = variablesForTerraform(document);
  const { store, report } = options;
  if (!isFromManifests(stack, options)) {
    return new TerraformDeployer(
      sandboxTerraform(name, workingDirectory(directory, name), options, variables),
      workingDirectory(directory, name),
      destroyableOf(document),
      store &&
        ((error, terraform) =>
          keepAfterFailure(error, {
            ...{ stack, terraform, store },
            report: (text) => report?.({ kind: 'message', text }),
          })),
    );
  }
  const manifests = (outputs?: () => Promise<ReadonlyMap<string, Json>>): ManifestApplier =>
    new ManifestApplier(
      adminKubectl(directory, options.record, options.signal),
      async () => {
        const values = await options.external.of(stack, await outputs?.());
        return kubernetesObjects(document, { resolve: (expression) => values.get(expression) });
      },
      directory,
      name,
    );
  if (!hasOtherResources(document)) return manifests();
  const folder = partDirectory(directory, name);
  writeFileSync(
    join(folder, 'cdk.tf.json'),
    JSON.stringify(withoutKubernetes(document, outputExpressions(document)), null, 2),
  );
  const terraform = sandboxTerraform(name, folder, options, variables);
  const { guarded, ...others } = destroyableOf(document);
  const ofAws = { guarded: guarded.filter((address) => !address.startsWith('kubernetes_')), ...others };
  return new MixedDeployer(
    new TerraformDeployer(terraform, folder, ofAws),
    manifests(async () => {
      const { values } = (await terraform.show()) as ShownState;
      return new Map(Object.entries(values?.outputs ?? {}).map(([key, { value }]) => [key, value]));
    }),
  );
}

const destroyableOf = (document: TerraformDocument): Required<Destroyable> => ({
  guarded: protectedAddresses(document),
  inAws: deletionProtected(document),
  createdFirst: createdFirst(document),
});

/** A stack whose Kubernetes objects are applied from their manifests, after its other resources. */
class MixedDeployer implements StackDeployer {
  constructor(
    private readonly others: TerraformDeployer,
    private readonly manifests: StackDeployer,
  ) {}

  get begun(): boolean {
    return this.others.begun || this.manifests.begun;
  }

  async differs(): Promise<boolean> {
    return !this.others.begun || (await this.others.differs()) || (await this.manifests.differs());
  }

  async apply(): Promise<void> {
    await this.others.apply();
    await this.manifests.apply();
  }

  async destroy(): Promise<void> {
    await this.manifests.destroy();
    await this.others.destroy();
  }
}

/** What the mark of a stack says once an apply has ended well. */
const WHOLE = 'whole';

/** The state, as `terraform show -json` gives it. */
interface ShownState {
  readonly values?: {
    readonly outputs?: Readonly<Record<string, { readonly value: Json }>>;
  };
}

/** A stack that Terraform applies. */
class TerraformDeployer implements StackDeployer {
  /** Tells that the stack was applied, and whether that ended well. */
  private readonly mark: string;

  /**
   * @param destroyable what the stack or AWS protects from being destroyed, and what comes before what it replaces
   * @param afterFailure what is done when an apply has failed
   */
  constructor(
    readonly terraform: Terraform,
    private readonly folder: string,
    private readonly destroyable: Required<Destroyable>,
    private readonly afterFailure?: (error: unknown, terraform: Terraform) => Promise<void>,
  ) {
    this.mark = join(folder, '.applied');
  }

  get begun(): boolean {
    return existsSync(this.mark);
  }

  async differs(): Promise<boolean> {
    await this.terraform.init();
    return unprotected(this.folder, await this.unfinished(), async () => {
      return !(await this.terraform.plan()).empty;
    });
  }

  async apply(): Promise<void> {
    await this.terraform.init();
    await unprotected(this.folder, await this.unfinished(), async () => {
      writeFileSync(this.mark, '');
      try {
        await this.terraform.apply();
      } catch (error) {
        await this.afterFailure?.(error, this.terraform);
        throw error;
      }
    });
    removeImports(this.folder);
    writeFileSync(this.mark, WHOLE);
  }

  async destroy(): Promise<void> {
    await this.terraform.init();
    const { guarded, inAws } = this.destroyable;
    const destroy = async (): Promise<void> => {
      if (inAws.length > 0) await this.terraform.apply();
      await this.terraform.destroy();
    };
    await unprotected(this.folder, { guarded, inAws }, destroy);
    rmSync(this.mark, { force: true });
  }

  /**
   * Protected objects that an interrupted apply did not finish: they are empty, and Terraform replaces them. Their successors come
   * last: Terraform hands the order of node groups on to what these need, and AWS has one cluster and one add-on of a name.
   */
  private async unfinished(): Promise<Destroyable> {
    const { guarded, createdFirst } = this.destroyable;
    const isWhole = !this.begun || readFileSync(this.mark, 'utf8') === WHOLE;
    const isNeeded = !isWhole && guarded.length + createdFirst.length > 0;
    const held = isNeeded ? [...(await this.terraform.held())] : [];
    const tainted = held.flatMap(([address, status]) => (status === 'tainted' ? [address] : []));
    return {
      guarded: tainted.filter((address) => guarded.includes(address)),
      createdFirst: tainted.length === 0 ? [] : createdFirst,
    };
  }
}

function requiredProviders(document: TerraformDocument): Record<string, { readonly version?: string }> {
  const terraform = document['terraform'] as
    { readonly required_providers?: Record<string, { readonly version?: string }> } | undefined;
  return terraform?.required_providers ?? {};
}
