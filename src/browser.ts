/**
 * What runs in a browser of the library: `dictum-sdl` as a bundler for browsers resolves it. No Node built-in is reached from here
 * (`npm run arrows` holds it). src/index.ts has the rest.
 *
 * @module
 */
export {
  type CertifyDecided,
  type CertifyOptions,
  type CertifyResult,
  type ClaimSummary,
  certify,
  claims,
} from './library/certify.ts';
export {
  type AcceptedCertificate,
  type AcceptedLanding,
  type Beyond,
  type Bounds,
  type CheckResult,
  type Computed,
  check,
  type Decision,
  type Definite,
  type Evidence,
  type Exact,
  type Fact,
  type Judged,
  type LandingClass,
  type LandingDocument,
  type NamedQuantity,
  type Order,
  type Property,
  type ReadingName,
  type RejectedCertificate,
  type Sets,
  type Stated,
  type Term,
  type Verdict,
} from './library/check.ts';
export { InputError } from './library/error.ts';
export type {
  Bias,
  InstanceDocument,
  InstanceInput,
  Limits,
  ModelOptions,
  PatternInput,
  Quantity,
  Tell,
  Undecided,
} from './library/instance.ts';
export {
  type Counts,
  type Entry,
  type LandscapeEntry,
  type LandscapeOptions,
  type LandscapeRequest,
  type LandscapeResult,
  landscape,
} from './library/landscape.ts';
export {
  type PatternCounts,
  type PatternsOptions,
  type PatternsRequest,
  type PatternsResult,
  patterns,
} from './library/patterns.ts';
export {
  type RealizationDocument,
  type RealizeDecided,
  type RealizeOptions,
  type RealizeResult,
  realize,
  type WeightedFeature,
  type WeightedRow,
} from './library/realize.ts';
