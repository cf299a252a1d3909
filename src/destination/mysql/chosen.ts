import type * as values from '../values/chosen.ts';
import type { Coding, Standing } from './coding.ts';

export { bare, size } from '../values/chosen.ts';
export type Chosen = values.Chosen<Standing>;
export type Make = values.Make<Standing, Coding>;
