import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { LoadedOption } from '../../../spec/api/node-types.ts';
import { routes } from '../../../spec/api/routes.ts';
import { call } from '../../api/call.ts';
import { asProblem, type ProblemError } from '../../api/problem-error.ts';
import { useForm } from '../form/FormContext.tsx';
import type { FieldProps } from '../form/field.ts';

export interface LoadedOptions {
  readonly options: readonly LoadedOption[];
  readonly loading: boolean;
  readonly error: ProblemError | undefined;
  /** What must be filled in before anything can be loaded. */
  readonly needs: string | undefined;
  reload(): void;
}

/** The real things of the service for a dropdown or a column mapper, given what is filled in so far. */
export function useLoadedOptions(
  { ui, siblings }: Pick<FieldProps, 'ui' | 'siblings'>,
  search = '',
  wanted = true,
): LoadedOptions {
  const { node, type } = useForm();
  const missing = (ui.dependsOn ?? []).find((name) => isBlank(siblings[name]));
  const needs =
    type.credentials.length > 0 && !type.credentialOptional && node.credential === undefined
      ? 'Choose a credential first.'
      : missing === undefined
        ? undefined
        : `Choose "${type.params.properties?.[missing]?.ui?.label ?? missing}" first.`;
  const given = Object.fromEntries((ui.dependsOn ?? []).map((name) => [name, siblings[name]]));
  const query = useQuery({
    queryKey: ['options', type.type, ui.load, node.credential, given, search],
    queryFn: async ({ signal }) => {
      const body = {
        params: { ...siblings },
        search,
        ...(node.credential === undefined ? {} : { credential: node.credential }),
      };
      return (await call(routes.loadOptions, { type: type.type, loader: ui.load ?? '', body }, { signal })).options;
    },
    enabled: wanted && ui.load !== undefined && needs === undefined,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    retry: false,
  });
  return {
    options: needs === undefined ? (query.data ?? []) : [],
    loading: query.isFetching,
    error: query.error ? asProblem(query.error) : undefined,
    needs,
    reload: () => void query.refetch(),
  };
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
