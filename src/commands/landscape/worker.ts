/** A thread of `dictum landscape`: decides the patterns it is given; sets are analysed once per thread. */
import { CLAIMS } from '../../../theorems/statements.ts';
import { parseJson } from '../../kernel/document/json.ts';
import { Node } from '../../kernel/document/node.ts';
import { type Pattern, readInstance } from '../../kernel/model/instance.ts';
import { type Certified, Surveyor } from '../../solve/landscape/survey.ts';
import { sha256 } from '../../terminal/digest.ts';
import { given } from '../../threads/given.ts';

interface LandscapeTask {
  /** The instance as JSON text. */
  readonly instance: string;
  readonly certificates: boolean;
  readonly work: number;
}

const task = given<LandscapeTask>();

let surveyor: Surveyor | undefined;

export default (patterns: readonly Pattern[]): Certified[] => {
  surveyor ??= new Surveyor(
    readInstance(new Node(parseJson(task.instance))),
    task.certificates ? { claims: CLAIMS, sha256 } : undefined,
    task.work,
  );
  const made = surveyor;
  return patterns.map((pattern) => made.survey(pattern));
};
