import { Construct } from 'constructs';

/**
 * PodSecurityPolicy, which Kubernetes 1.25 removed: whoever asks for one is told what took its place.
 *
 * @deprecated use `podSecurity` of `Namespace`
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
export class PodSecurityPolicy extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.node.addValidation({
      validate: () => [
        'PodSecurityPolicy is gone since Kubernetes 1.25; Pod Security Admission took its place: say ' +
          "new Namespace(…, { podSecurity: 'restricted' }) (or 'baseline', 'privileged'), and write what goes beyond it " +
          'as a ValidatingAdmissionPolicy',
      ],
    });
  }
}
