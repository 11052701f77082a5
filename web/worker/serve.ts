/** The worker's side of a question: one message in, one answer out, by its number. */
import { InputError } from '../../src/browser.ts';

export interface Question {
  readonly id: number;
  readonly what: string;
  readonly given: unknown;
}

export type Answer =
  | { readonly id: number; readonly value: unknown }
  /** How far it is; the answer comes later. */
  | { readonly id: number; readonly progress: string }
  /** `bug`: nothing that the reader gave is at fault. */
  | { readonly id: number; readonly error: string; readonly bug: boolean };

// biome-ignore lint/suspicious/noExplicitAny: what each takes is known where it is written, and where it is asked.
type Handlers = Readonly<Record<string, (given: any, progress: (said: string) => void) => unknown>>;

export function serve(handlers: Handlers): void {
  self.onmessage = async ({ data }: MessageEvent<Question>): Promise<void> => {
    const { id, what, given } = data;
    try {
      const value = await handlers[what]?.(given, (progress) => self.postMessage({ id, progress } satisfies Answer));
      self.postMessage({ id, value } satisfies Answer);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown.message : `${thrown}`;
      self.postMessage({ id, error, bug: !(thrown instanceof InputError) } satisfies Answer);
    }
  };
}
