/* services/runtime/task/matter.h: one case on the agenda of a sitting, as a table of states; pure. */
#ifndef SAIKNE_MATTER_H
#define SAIKNE_MATTER_H

#include "services/runtime/task/task.h"

/*
 *  PENDING ─▶ REFUSED, TAKEN_BACK   by the broker; its ground was stopped before it left
 *     │
 *  ON_AGENDA ⟲ ── drop (S) ─▶ DROPPED
 *     │ decide (S): once the sitting was held
 *  DECIDED ⟲
 *     │ minutes (S)        correct (both)
 *  MINUTED ⟲ ───────────────────────▶ CORRECTED ⟲
 *     │      ◀───────────────────────
 *     │ final (S)   minutes (S)
 *   FINAL
 *
 * Any member puts it. ⟲ ON_AGENDA, DECIDED: report; MINUTED, CORRECTED: sign, dissent (all by
 * both), and MINUTED minutes (S), CORRECTED correct (both). What was corrected is circulated
 * again before it is final, and signed again.
 */
extern const struct task_sort matter_sort;

#endif
