import { type Extension, type Range, StateEffect } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate, WidgetType } from '@codemirror/view';
import { parseReference, pathWords, type Reference } from './reference.ts';
import { holesOf } from './template-text.ts';

/** Words of a pill for a reference, or undefined to show the expression as it stands. */
export type PillWords = (reference: Reference) => { readonly step: string; readonly known: boolean };

/** Draws pills again after step names have changed. */
export const refreshPills = StateEffect.define<null>();

class Pill extends WidgetType {
  readonly step: string;
  readonly column: string;
  readonly known: boolean;
  readonly expression: string;

  constructor(step: string, column: string, known: boolean, expression: string) {
    super();
    this.step = step;
    this.column = column;
    this.known = known;
    this.expression = expression;
  }

  override eq(other: Pill): boolean {
    return this.expression === other.expression && this.step === other.step && this.known === other.known;
  }

  override toDOM(): HTMLElement {
    const pill = document.createElement('span');
    pill.className = this.known ? 'cm-pill' : 'cm-pill cm-pill-unknown';
    pill.title = this.expression;
    const step = document.createElement('span');
    step.className = 'cm-pill-step';
    step.textContent = `${this.step} · `;
    pill.append(step, this.column);
    return pill;
  }

  override ignoreEvent(): boolean {
    return false;
  }
}

/** Shows `{{ reference }}` as a pill that moves, is selected and deleted as one; other expressions are set off from the text. */
export function pills(words: { readonly current: PillWords }): Extension {
  return ViewPlugin.fromClass(
    class {
      pills: DecorationSet = Decoration.none;
      all: DecorationSet = Decoration.none;

      constructor(view: EditorView) {
        this.build(view);
      }

      update(update: ViewUpdate): void {
        const refreshed = update.transactions.some((transaction) =>
          transaction.effects.some((effect) => effect.is(refreshPills)),
        );
        if (update.docChanged || refreshed) this.build(update.view);
      }

      build(view: EditorView): void {
        const atoms: Range<Decoration>[] = [];
        const marks: Range<Decoration>[] = [];
        for (const hole of holesOf(view.state.doc.toString())) {
          const reference = parseReference(hole.expression);
          if (!reference) {
            marks.push(Decoration.mark({ class: 'cm-hole' }).range(hole.from, hole.to));
            continue;
          }
          const { step, known } = words.current(reference);
          const widget = new Pill(step, pathWords(reference.path), known, hole.expression);
          atoms.push(Decoration.replace({ widget }).range(hole.from, hole.to));
        }
        this.pills = Decoration.set(atoms, true);
        this.all = Decoration.set([...atoms, ...marks], true);
      }
    },
    {
      decorations: (plugin) => plugin.all,
      provide: (plugin) => EditorView.atomicRanges.of((view) => view.plugin(plugin)?.pills ?? Decoration.none),
    },
  );
}
