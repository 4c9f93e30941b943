import {
  type App,
  LocalBackend,
  S3Backend,
  TerraformElement,
  TerraformResource,
  TerraformStack,
} from 'cdktf';
import { invokeAspects } from 'cdktf/lib/synthesize/synthesizer';
import type { IConstruct, Node } from 'constructs';
import { mirrored } from '../../src/facts/image-registries';
import { localStatePath } from '../../src/facts/selected-platform';
import { mapImages } from '../../src/manifests/images';
import type { TerraformDocument } from '../../src/manifests/terraform-document';
import { addressName } from './address-name';
import { escapeTexts } from './construct';
import { watchForeignReferences } from './foreign-references';
import './fast-tokens';

/** Where Terraform keeps the state of every stack. */
export interface StateOptions {
  /** Name of the S3 bucket; it must exist. */
  readonly bucket: string;
  /** Region of the bucket, such as `eu-west-1`. */
  readonly region: string;
  /** Prefix of the objects' keys: `<prefix>/<stack>.tfstate`. */
  readonly prefix: string;
}

/** The backend of a stack, and its platform. */
export interface BaseStackOptions {
  /**
   * Where the state is kept.
   * @default - a local file `terraform.<stack>.tfstate` in the project's folder, by a relative path
   */
  readonly state?: StateOptions;
  /**
   * Name of the platform where several are in one folder: part of the names of their local states.
   * @default - the folder has one platform
   */
  readonly platform?: string;
}

/** An object that has another address than before. */
export interface Move {
  /** The address that states may have it under, such as `aws_iam_role.eks_node`. */
  readonly from: string;
  /** Its address, or one that another move continues from. */
  readonly to: string;
  /** Where the move is said, for messages. @default - nowhere */
  readonly place?: string;
}

/**
 * A Terraform stack that sets its backend and gives every element a readable address. The address is the construct's path without
 * `Resource`, joined by `_`, with no hash. Addresses are a contract with the state, so two constructs that would share one
 * are an error that names both.
 *
 * It reads no state of another stack: what another has made is found by a data source. A reference to another stack's element is
 * an error.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend/s3
 */
export class BaseStack extends TerraformStack {
  private readonly foreign = new Set<string>();
  private readonly moves: Move[] = [];
  private readonly forgotten = new Set<string>();
  private document: TerraformDocument | undefined;
  private mirrors: Readonly<Record<string, string>> = {};
  private isValidated = false;

  constructor(app: App, name: string, options: BaseStackOptions = {}) {
    if (app.node.tryFindChild(name)) {
      throw new Error(`a stack with the name "${name}" exists; choose another name`);
    }
    super(app, name);
    if (options.state) {
      const backend = new S3Backend(this, {
        bucket: options.state.bucket,
        region: options.state.region,
        key: `${options.state.prefix}/${name}.tfstate`,
        encrypt: true,
      });
      // CDKTF 0.21 has no property for the lock file, which took the place of the DynamoDB table in Terraform 1.10.
      backend.addOverride('use_lockfile', true);
    } else {
      // CDKTF's own default is an absolute path, which would write one machine into the JSON.
      new LocalBackend(this, { path: localStatePath(name, options.platform) });
    }
    this.node.addValidation({ validate: () => [...this.sharedAddresses(), ...this.wrongMoves()] });
    watchForeignReferences(this, (identifier, origin) => {
      this.foreign.add(
        `refers to ${identifier} of the stack ${origin.node.path}, whose state it does not read; find it by a data source`,
      );
    });
  }

  /**
   * Lets an object keep its place in the state under its new address, which otherwise would be destroyed and made again.
   *
   * @see https://developer.hashicorp.com/terraform/language/block/moved
   */
  moved(move: Move): void {
    this.moves.push(move);
  }

  /**
   * Lets the state forget an object that another stack has now. It is not destroyed; a state without it stays as it is.
   *
   * @see https://developer.hashicorp.com/terraform/language/block/removed
   */
  forget(address: string): void {
    this.forgotten.add(address);
  }

  /** Where the containers of the stack pull their images from, by registry, repository or image, for every container. */
  pullFrom(mirrors: Readonly<Record<string, string>>): void {
    this.mirrors = mirrors;
  }

  /** The addresses of the resources that the stack has so far; data sources have no state, and are not among them. */
  resourceAddresses(): Set<string> {
    return new Set(this.resources().keys());
  }

  /** The resources that the stack has so far, by their addresses. */
  resources(): Map<string, TerraformResource> {
    const resources = this.node
      .findAll()
      .filter((element): element is TerraformResource => TerraformResource.isTerraformResource(element));
    return new Map(
      resources.map((resource) => [
        `${resource.terraformResourceType}.${this.getLogicalId(resource)}`,
        resource,
      ]),
    );
  }

  /** The Terraform JSON, made once: nothing may be added to the stack after. */
  override toTerraform(): TerraformDocument {
    if (this.document === undefined) {
      // CDKTF does so only when it writes the file, and by then this is made.
      if (!this.isValidated) invokeAspects(this);
      escapeTexts(this);
      if (this.moves.length > 0) {
        this.addOverride(
          'moved',
          this.moves.map(({ from, to }) => ({ from, to })),
        );
      }
      if (this.forgotten.size > 0) {
        const lifecycle = { destroy: false };
        this.addOverride(
          'removed',
          [...this.forgotten].sort().map((from) => ({ from, lifecycle })),
        );
      }
      const document = super.toTerraform() as TerraformDocument;
      this.document =
        Object.keys(this.mirrors).length === 0
          ? document
          : mapImages(document, (image) => mirrored(image, this.mirrors));
    }
    return this.document;
  }

  /** Runs the aspects, which may add what has to be valid. CDKTF then does not validate the stack a second time. */
  prepareValidation(): void {
    invokeAspects(this);
    this.isValidated = true;
  }

  override runAllValidations(): void {
    if (!this.isValidated || this.hasResourceMove()) super.runAllValidations();
  }

  /** What is wrong with the stack's references, known once its Terraform JSON is made. */
  foreignReferences(): string[] {
    this.toTerraform();
    return [...this.foreign];
  }

  /** CDKTF resolves everything here only to find references between stacks, of which there are none. */
  override prepareStack(): void {}

  /** The readable name of an element; CDKTF's default appends a hash. */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    return addressName(this, element instanceof TerraformElement ? element.node : element);
  }

  /** What Terraform would refuse, or would take for nothing to do. */
  private wrongMoves(): string[] {
    if (this.moves.length + this.forgotten.size === 0) return [];
    const addresses = this.resourceAddresses();
    const declared = [...this.forgotten].filter((address) => addresses.has(address));
    return [
      ...declared.map(
        (address) => `declares ${address}, which another stack has taken over; remove one of the two`,
      ),
      ...this.staleMoves(addresses),
    ];
  }

  private staleMoves(addresses: ReadonlySet<string>): string[] {
    return this.moves.flatMap(({ from, to, place }) => {
      const at = place === undefined ? '' : `${place} `;
      const findings: string[] = [];
      if (addresses.has(from)) {
        findings.push(
          `${at}from: ${from} is still there; give one of the two another ID, or remove the move`,
        );
      }
      if (!addresses.has(to) && !this.moves.some((next) => next.from === to)) {
        findings.push(`${at}to: there is no ${to} for ${from} to move to; correct it, or remove the move`);
      }
      return findings;
    });
  }

  private sharedAddresses(): string[] {
    const owners = new Map<string, IConstruct>();
    const errors: string[] = [];
    for (const element of this.node.findAll()) {
      if (!TerraformElement.isTerraformElement(element)) continue;
      if (/TfToken/.test(element.node.path)) {
        errors.push(
          `"${element.node.path}" has a reference in its ID, whose value only Terraform knows. Write it as text, or create the object under an ID of your own`,
        );
      }
      const type: unknown = (element as { terraformResourceType?: unknown }).terraformResourceType;
      if (typeof type !== 'string') continue;
      const address = `${type}.${this.getLogicalId(element)}`;
      const first = owners.get(address);
      if (first) {
        errors.push(
          `"${element.node.path}" and "${first.node.path}" would share the Terraform address ${address}; give one of them another ID`,
        );
      } else {
        owners.set(address, element);
      }
    }
    return errors;
  }
}
