import { object, text, texts } from '../field';
import { resources } from './container-fields';
import { labelSelector } from './selector-fields';

/** What a PersistentVolumeClaim asks for; an empty class name is not sent, so the cluster's default class is taken. */
export const claimSpec = object({
  access_modes: texts,
  storage_class_name: text,
  volume_mode: text,
  volume_name: text,
  resources,
  selector: labelSelector,
});
