/** The page's side of a question. A worker answers one at a time; of those that wait, only the last still matters. */
import type { Answer, Question } from './serve.ts';

/** What was asked cannot be answered; `bug`: and it should have been. */
export class Refused extends Error {
  readonly bug: boolean;

  constructor(message: string, bug: boolean) {
    super(message);
    this.bug = bug;
  }
}

interface Waiting {
  readonly question: Question;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly progress: ((said: string) => void) | undefined;
}

/** A question that was overtaken by a later one. */
export class Overtaken extends Error {}

let count = 0;

export class Desk {
  readonly #start: () => Worker;
  readonly #patient: boolean;
  #worker: Worker | undefined;
  #asked: Waiting | undefined;
  #next: Waiting | undefined;

  /** `patient`: the answer under way is waited for; or else its worker is ended, as long work would hold up what is asked now. */
  constructor(start: () => Worker, patient: boolean) {
    this.#start = start;
    this.#patient = patient;
  }

  ask<T>(what: string, given: unknown, progress?: (said: string) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        question: { id: ++count, what, given },
        resolve: resolve as (v: unknown) => void,
        reject,
        progress,
      };
      if (!this.#asked) return this.#send(waiting);
      if (this.#patient) {
        this.#next?.reject(new Overtaken());
        this.#next = waiting;
        return;
      }
      this.cancel();
      this.#send(waiting);
    });
  }

  /** Ends what is under way. */
  cancel(): void {
    if (!this.#asked) return;
    this.#worker?.terminate();
    this.#worker = undefined;
    const asked = this.#asked;
    this.#asked = undefined;
    asked.reject(new Overtaken());
  }

  #send(waiting: Waiting): void {
    this.#asked = waiting;
    this.#worker ??= this.#open();
    this.#worker.postMessage(waiting.question);
  }

  #open(): Worker {
    const worker = this.#start();
    worker.onmessage = ({ data }: MessageEvent<Answer>): void => {
      const asked = this.#asked;
      if (!asked || asked.question.id !== data.id) return;
      if ('progress' in data) {
        asked.progress?.(data.progress);
        return;
      }
      this.#asked = undefined;
      const next = this.#next;
      this.#next = undefined;
      if (next) this.#send(next);
      if ('value' in data) asked.resolve(data.value);
      else asked.reject(new Refused(data.error, data.bug));
    };
    worker.onerror = (event): void => {
      const asked = this.#asked;
      this.#worker = undefined;
      this.#asked = undefined;
      asked?.reject(new Refused(event.message || 'the worker did not start', true));
    };
    return worker;
  }
}

/** What a drag asks. */
export const quick: Desk = new Desk(() => new Worker(new URL('./quick.ts', import.meta.url), { type: 'module' }), true);
