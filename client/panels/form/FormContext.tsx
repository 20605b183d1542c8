import { createContext, use } from 'react';
import type { WorkflowNode } from '../../../spec/workflow/document.ts';
import type { NodeType } from '../../../spec/workflow/node-type.ts';

export type FieldPath = readonly (string | number)[];

/** What fields of a form share. */
export interface FormScope {
  readonly node: WorkflowNode;
  readonly type: NodeType;
  readonly readOnly: boolean;
  /** What is wrong with the parameter at a path, if anything. */
  problemAt(path: FieldPath): string | undefined;
}

const FormContext = createContext<FormScope | undefined>(undefined);

export const FormProvider = FormContext.Provider;

export function useForm(): FormScope {
  const form = use(FormContext);
  if (!form) throw new Error('useForm is called outside a form');
  return form;
}
