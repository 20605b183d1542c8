import { type ComponentType, createContext, use } from 'react';
import type { WorkflowNode } from '../../../spec/workflow/document.ts';
import type { JsonSchema, NodeType } from '../../../spec/workflow/node-type.ts';

/** The fields of an object's schema. */
export interface ParamsFormProps {
  readonly schema: JsonSchema;
  readonly path: FieldPath;
  readonly values: Readonly<Record<string, unknown>>;
  readonly onChange: (name: string, value: unknown) => void;
}

export type FieldPath = readonly (string | number)[];

/** What fields of a form share. */
export interface FormScope {
  readonly node: WorkflowNode;
  readonly type: NodeType;
  readonly readOnly: boolean;
  /** Draws the fields of nested objects; handed down, for forms hold fields and fields hold forms. */
  readonly Form: ComponentType<ParamsFormProps>;
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
