/** The picture that a claim is shown by, in the report and in the explorer. */
import { type Drawing, drawing, instanceDrawing } from '../../explain/drawing.ts';
import type { Explanation } from '../../explain/explanation.ts';
import type { Step } from '../../explain/step.ts';
import { reportedDrawing } from './reportedDrawing.ts';

const firstFigure = (steps: readonly Step[]): Step['figure'] => {
  for (const { figure, steps: inner } of steps) {
    const found = figure ?? firstFigure(inner);
    if (found) return found;
  }
  return undefined;
};

/** Of the conclusion if it has a picture; or else of the instance. */
export function pictureOf({ subject, argument }: Explanation): Drawing | undefined {
  if (subject.format !== 'dictum/instance@1') return reportedDrawing(subject);
  const figure = firstFigure(argument.slice(-1));
  return (figure && drawing(subject, figure)) ?? instanceDrawing(subject);
}
