import { TextInput } from '@mantine/core';
import { useDocument } from '../../canvas/CanvasContext.tsx';
import type { FieldProps } from '../form/field.ts';

/** A date and time in the zone of the workflow. */
export function DateTimeField({ id, value, onChange }: FieldProps & { readonly id: string }) {
  const zone = useDocument((state) => state.document.settings.timezone);
  const text = typeof value === 'string' ? value : '';
  const plain = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?$/.test(text) || text === '';
  return (
    <TextInput
      id={id}
      type={plain ? 'datetime-local' : 'text'}
      value={text}
      description={plain ? `In the time zone of the workflow${zone ? ` (${zone})` : ''}` : undefined}
      inputWrapperOrder={['label', 'input', 'description']}
      onChange={(event) => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
    />
  );
}
