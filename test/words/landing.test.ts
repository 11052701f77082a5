/** A landing line: what class of point, how near, and how large the gradient is where the run is said to have ended. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/cli/digest.ts';
import { documentId } from '../../src/kernel/canonical.ts';
import { parseJson } from '../../src/kernel/json.ts';
import { checkLanding, type Landed } from '../../src/kernel/landing/landing.ts';
import { Rejection } from '../../src/kernel/rejection.ts';
import { LANDING_CLASSES, landingText } from '../../src/words/landing.ts';
import { resealed, type Value } from '../theorems/mutate.ts';

const text = readFileSync(join(import.meta.dirname, '../corpora/valid/landing-shear-at-kink.json'), 'utf8');

type Document = { [key: string]: Value };

/** The same point, for end weights that are all the same two numbers, and with that distance stated. */
function moved(encoder: string, decoder: string, distance: string): Document {
  const document = JSON.parse(text) as Document;
  const instance = document.instance as Document;
  const filled = (rows: Value, by: string): Value => (rows as Value[][]).map((row) => row.map(() => by));
  instance.we = filled(instance.we as Value, encoder);
  instance.wd = filled(instance.wd as Value, decoder);
  const weights = parseJson(JSON.stringify({ wd: instance.wd, we: instance.we }));
  (document.run as Document).weights = documentId(weights, sha256);
  document.distance = distance;
  // The checker tells the gradient there: it may not be another.
  const refused = checkLanding(resealed(document), sha256);
  if (!(refused instanceof Rejection)) throw new Error('another gradient was accepted');
  expect(refused.path).toBe('$.gradient');
  document.gradient = refused.expected;
  return document;
}

function accepted(document: string): Landed {
  const landed = checkLanding(document, sha256);
  if (landed instanceof Rejection) throw new Error(`${landed}`);
  return landed;
}

describe('of end weights far away', () => {
  const far = accepted(resealed(moved('777', '-5', '1000000')));

  test('the line has the distance there is, not the one the document states, and the gradient', () => {
    expect(landingText(far)).toMatch(
      /lies within ≈78\d\.\d{3} in each coordinate of the end weights; \|grad L~\| at these is ≈9\.1\d+e\+10/,
    );
    expect(landingText(far)).not.toMatch(/1000000|ended at/);
  });

  test('a distance stated that is smaller than the one there is: refused', () => {
    const refused = checkLanding(resealed(moved('777', '-5', '700')), sha256);
    expect(refused instanceof Rejection && refused.code).toBe('too-far');
  });
});

test('of end weights near by: within how much, and what run they are named as the end of', () => {
  const near = accepted(text);
  expect(landingText(near)).toMatch(/lies within ≈\d\.\d{5}e-\d+ in each coordinate of the end weights/);
  expect(landingText(near)).toContain(`named as the end of a run of ${near.instance.name}`);
});

test.each(Object.keys(LANDING_CLASSES) as Landed['class'][])(
  'a landing of class %s says what was proved of the point',
  (word) => {
    const said = landingText({ ...accepted(text), class: word });
    const global = /global minimum/;
    const local = /\ba local minimum of L~/;
    expect(global.test(said)).toBe(word === 'zero-loss');
    expect(local.test(said)).toBe(word === 'local-minimum' || word === 'face-minimum');
    expect(/on a face/.test(said)).toBe(word === 'face-minimum');
    expect(/no local minimum/.test(said)).toBe(word === 'saddle');
    expect(said).toMatch(/within .* in each coordinate of the end weights; \|grad L~\| at these is /);
  },
);
