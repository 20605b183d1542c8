/** One entry of an error answer: `[{ message, errorCode, fields? }]`. */
export interface ApiProblem {
  message: string;
  errorCode: string;
  fields?: string[];
}

/** Ends the whole request with a status and Salesforce's error list. */
export class ApiError extends Error {
  readonly status: number;
  readonly problems: ApiProblem[];

  constructor(status: number, errorCode: string, message: string, fields?: string[]) {
    super(message);
    this.status = status;
    this.problems = [{ message, errorCode, ...(fields ? { fields } : {}) }];
  }
}

/** Ends one record of a write; the other records of a collection go on. */
export class RecordError extends Error {
  readonly statusCode: string;
  readonly fields: string[];

  constructor(statusCode: string, message: string, fields: string[] = []) {
    super(message);
    this.statusCode = statusCode;
    this.fields = fields;
  }

  /** The same failure as the answer to a request for that one record. */
  asApiError(): ApiError {
    const missing = this.statusCode === 'ENTITY_IS_DELETED' || this.statusCode === 'NOT_FOUND';
    return new ApiError(missing ? 404 : 400, this.statusCode, this.message, this.fields);
  }
}

export function noSuchObject(name: string): ApiError {
  return new ApiError(
    404,
    'NOT_FOUND',
    `The requested resource does not exist: sobject type '${name}' is not supported`,
  );
}

export function notFound(): ApiError {
  return new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
}

export function malformedQuery(message: string): ApiError {
  return new ApiError(400, 'MALFORMED_QUERY', message);
}

export function jsonParserError(kind: string, value: unknown): ApiError {
  const token =
    typeof value === 'number' ? 'VALUE_NUMBER' : typeof value === 'object' ? 'START_OBJECT' : 'VALUE_STRING';
  return new ApiError(
    400,
    'JSON_PARSER_ERROR',
    `Cannot deserialize instance of ${kind} from ${token} value ${typeof value === 'object' ? '{' : String(value)} or request may be missing a required field at [line:1, column:1]`,
  );
}
