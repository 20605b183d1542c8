/** `node:http`. An import statement would read all of its names, one of which loads Node's web client: 25 milliseconds and 10 MB that nobody here needs. */
export const http = process.getBuiltinModule('node:http');
