export { isUserError, UserError, type UserFacing } from '@kubernetes-on-aws/eks-facts/user-error';
