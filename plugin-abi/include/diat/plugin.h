/* diat/plugin.h - the door between a host and a diat plug-in: ABI major 1, minor 0
 *
 * Licence: MIT OR Apache-2.0.
 *
 * A host opens the library, calls its one exported function, diat_plugin_v1(), and gets a table: the effects with their
 * parameters, and four functions. It opens an instance of one effect, fills a diat_job with a picture and parameter
 * values, and calls render(). examples/minimal_host.c beside this header is a whole host.
 *
 *   const diat_plugin *plugin = diat_plugin_v1(&host);
 *   plugin->open("eyeglasses-off", &host, &instance, message, sizeof message);
 *   plugin->render(instance, &job);
 *   plugin->close(instance);
 *
 * Rules that hold everywhere
 *
 *  R1  Growth. Every struct starts with `size`: sizeof as its WRITER knew it. A reader uses a field only where DIAT_HAS()
 *      says that it is there, takes a missing field for zero, and accepts a size larger than its own. Fields are only ever
 *      appended, and enumerators too. diat_rect is the one frozen exception. Growable structs are passed by pointer, never
 *      nested by value and never in arrays (arrays hold pointers). Fields called `reserved` are 0.
 *  R2  Memory. What one side allocated is never freed by the other. Strings and descriptors that the plug-in returns stay
 *      valid and unchanged until the process ends; diat_report, which says for how long it lives, is the exception. What the
 *      host passes in is borrowed for the call only; the exception are diat_host's log, extension and ctx as given to open(),
 *      which the plug-in copies and may use until close() of that instance returns.
 *  R3  Strings are UTF-8 and end in NUL; so are paths, on every system. Ids of effects and parameters match
 *      [a-z][a-z0-9]*(-[a-z0-9]+)* and never change their meaning.
 *  R4  Threads. [any] may be called from any thread, also at the same time. [serial]: one call at a time for one instance,
 *      from any thread; different instances run in parallel. diat_job.progress is called only on the thread that called
 *      render(); diat_host.log and diat_host.extension may be called on any. A callback must not call a [serial] function or
 *      close() on the instance that called it.
 *  R5  Manners. No call throws, unwinds, exits, prints, or changes locale, working directory, signals or floating-point
 *      modes; this binds the host's callbacks too. No call keeps a host's pointer after it returned (R2's exception aside).
 *  R6  The library stays loaded: closing it (dlclose, FreeLibrary) is allowed and unloads nothing.
 *  R7  Mistakes. A function answers a mistake of the host's with a negative status, says what was wrong in `message` and
 *      in the log (level DIAT_HOST_MISUSE), and leaves the process alive. Only what cannot be seen (a pointer to memory that is
 *      not there, a buffer smaller than its strides say) is undefined.
 *
 * Sizes and offsets are frozen for systems with 64-bit pointers (layout/v1.0); no struct has implicit padding there.
 */
#ifndef DIAT_PLUGIN_H
#define DIAT_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#  define DIAT_CALL __cdecl
#else
#  define DIAT_CALL
#endif
/* Defined by those who build a plug-in in C, before this header: __declspec(dllexport) or the like. */
#ifndef DIAT_EXPORT
#  define DIAT_EXPORT
#endif

/* The major is in the symbol's name. The minor counts additions and is for logs: what is there is told by `size`. */
#define DIAT_ABI_MINOR 0u
#define DIAT_ENTRY "diat_plugin_v1"

/* Whether field f of the struct of the given type that p points to was written by whoever made it. */
#define DIAT_HAS(type, p, f) ((p)->size >= offsetof(type, f) + sizeof((p)->f))

/* ---- numbers -------------------------------------------------------------------------------------------------------------- */

/* 0 and above: `out` is valid. Below 0: the pixels of `out` inside `roi` are unspecified, everything else is as it was. */
typedef int32_t diat_status;
enum diat_status_code {
  DIAT_OK            = 0,
  DIAT_UNCHANGED     = 1,   /* `out` equals `in` inside `roi`: no face, nothing to do, strength 0, an empty roi */
  DIAT_CANCELLED     = -1,  /* progress() asked for it */
  DIAT_E_ARGUMENT    = -2,  /* a mistake of the host's: null, too short a struct, unknown id, NaN, a roi outside, overlap, ... */
  DIAT_E_FORMAT      = -3,  /* unknown `format` or `alpha`, or the two images differ in what must be the same */
  DIAT_E_UNSUPPORTED = -4,  /* known and allowed, but not by this version: a transfer curve, for one */
  DIAT_E_MEMORY      = -5,
  DIAT_E_MODEL       = -6,  /* weights missing, damaged, or not what their manifest says */
  DIAT_E_BACKEND     = -7,  /* no device could run the network */
  DIAT_E_INTERNAL    = -8   /* a mistake of the plug-in's, caught; the instance now takes nothing but close() */
};

/* Interleaved R, G, B, A, native endian, any alignment. Every plug-in takes all three. Integers stand for 0..1. */
enum diat_format { DIAT_RGBA_U8 = 1, DIAT_RGBA_U16 = 2, DIAT_RGBA_F32 = 3 };

/* OPAQUE: the fourth sample means nothing. In every case it is carried along and never changed. */
enum diat_alpha { DIAT_ALPHA_STRAIGHT = 0, DIAT_ALPHA_PREMULTIPLIED = 1, DIAT_ALPHA_OPAQUE = 2 };

enum diat_param_flag {
  DIAT_PARAM_INTEGER = 1,   /* whole numbers; others are rounded to the nearest */
  DIAT_PARAM_BOOL    = 2,   /* 0 or 1; with INTEGER */
  DIAT_PARAM_CHOICE  = 4,   /* an index into `choices`, with INTEGER */
  DIAT_PARAM_HIDDEN  = 8    /* not for a dialog */
};
enum diat_effect_flag {
  DIAT_EFFECT_WHOLE_INPUT = 1,   /* `in` must cover the whole picture, however small the roi */
  DIAT_EFFECT_IN_PLACE    = 2    /* `in` and `out` may be the same buffer */
};
enum diat_level { DIAT_DEBUG = 0, DIAT_INFO = 1, DIAT_WARNING = 2, DIAT_ERROR = 3, DIAT_HOST_MISUSE = 4 };

/* The parameters that every effect has, first and in this order; the manifest's own come after them. */
enum diat_reserved_param {
  DIAT_STRENGTH   = 0,   /* 0..1, neutral 0, default 1: how much of the change is made */
  DIAT_SHOW       = 1,   /* enum diat_show, default result */
  DIAT_FACES      = 2,   /* enum diat_faces, default all */
  DIAT_AT_X       = 3,   /* 0..1 of the width of `in`, default 0.5; used by faces = nearest */
  DIAT_AT_Y       = 4,   /* the same for the height */
  DIAT_DEVICE     = 5,   /* enum diat_device, default auto */
  DIAT_FIRST_OWN  = 6    /* the manifest's first */
};
enum diat_show {
  DIAT_SHOW_RESULT      = 0,
  DIAT_SHOW_MASK        = 1,   /* where the change goes, whatever the strength: grey, plain numbers 0..1 without colour conversion */
  DIAT_SHOW_TRANSFORMED = 2,   /* what the network made of the face, in the picture's colours */
  DIAT_SHOW_DIFFERENCE  = 3    /* 0.5 + (result - picture) / 2 */
};
enum diat_faces {
  DIAT_FACES_ALL     = 0,
  DIAT_FACES_LARGEST = 1,   /* greatest distance between the eyes */
  DIAT_FACES_NEAREST = 2    /* to (at-x, at-y) */
};
/* "cuda:0" is 2, "cuda:7" is 9. The list is the same on every machine. A device that is absent or fails is replaced by the
 * next best one, and the report says so: it tells what ran, never what was asked for. */
enum diat_device { DIAT_DEVICE_AUTO = 0, DIAT_DEVICE_CPU = 1, DIAT_DEVICE_CUDA_0 = 2, DIAT_DEVICE_CUDA_7 = 9 };

/* What became of a face. */
enum diat_face_code {
  DIAT_FACE_EDITED         = 0,
  DIAT_FACE_NOTHING_TO_DO  = 1,   /* the attribute is not as the effect wants it: no glasses to take off */
  DIAT_FACE_TOO_SMALL      = 2,   /* eyes too near to each other */
  DIAT_FACE_TURNED         = 3,   /* too far to the left or right */
  DIAT_FACE_LOW_CONFIDENCE = 4,   /* may not be a face */
  DIAT_FACE_NOT_CHOSEN     = 5    /* the parameter `faces` chose others */
};

/* ---- pictures ------------------------------------------------------------------------------------------------------------- */

/* Frozen. Columns x .. x+w-1 and rows y .. y+h-1, y downwards. Pixel (i, j) covers [i, i+1) x [j, j+1): its centre is at +0.5. */
typedef struct diat_rect { int32_t x, y, w, h; } diat_rect;

/* Pixels in memory. All the bytes from the first to the last pixel, padding between the rows included, belong to the call
 * until it returns: nobody else writes to them, nor reads those of `out`. Padding comes back as it was, and what follows the
 * last pixel of the last row in memory is never touched. */
typedef struct diat_image {
  uint32_t    size;
  uint32_t    format;       /* enum diat_format */
  diat_rect   rect;         /* the pixels this buffer holds, in picture coordinates; at least 1 x 1 */
  void       *data;         /* pixel (rect.x, rect.y); never written to through `in` */
  ptrdiff_t   stride;       /* bytes from a row to the one below: may be negative, and larger than a row */
  uint32_t    alpha;        /* enum diat_alpha */
  uint16_t    primaries;    /* ITU-T H.273; 0: sRGB's */
  uint16_t    transfer;     /* ITU-T H.273; 0: sRGB's, as are 1, 2, 6, 13, 14 and 15; 8: linear; others may be unsupported */
  const void *icc;          /* optional profile; says more than the two above, which must agree with it where they can */
  size_t      icc_size;
} diat_image;
/* The network sees sRGB; its change is taken back into the picture's own colours, whatever they are. Honoured are profiles for
 * RGB and for grey (whose curve then holds for each of the three), by three primaries with their curves or by a table to the
 * connection space; without a profile primaries 1, 4 to 9, 11, 12 and 22, and transfers 4, 5, 8 and 16 (white: 203 cd/m2) beside
 * sRGB's. A profile that cannot be used counts as none, unknown primaries as sRGB's: a warning that says why is logged once per
 * instance. That of `in` counts for both images; `out` need not repeat it. */

/* ---- what there is ---------------------------------------------------------------------------------------------------------- */

/* One parameter. Every value travels as a double. Ranges never shrink and choices are only appended, so that stored values
 * stay good. */
typedef struct diat_param {
  uint32_t    size;
  uint32_t    flags;        /* enum diat_param_flag, or-ed */
  const char *id;
  const char *label;        /* for people, as are help and unit; unit may be empty */
  const char *help;
  const char *unit;
  double      min, max;             /* values outside are clamped */
  double      soft_min, soft_max;   /* what a slider shows */
  double      step;                 /* of a slider; 0: none in particular */
  double      neutral;              /* the value that does nothing; NaN if there is none */
  double      def;                  /* the value where the host gives none */
  const char *const *choices;       /* CHOICE: id, label, id, label, ..., NULL; else NULL */
} diat_param;

typedef struct diat_effect {
  uint32_t    size;
  uint32_t    flags;        /* enum diat_effect_flag, or-ed */
  const char *id;           /* its manifest's id */
  const char *label;        /* for people, as are category (a menu) and help */
  const char *category;
  const char *help;
  const char *version;      /* of manifest and weights: "0.1.0" */
  const char *licence;      /* of the weights: an SPDX expression, or empty */
  const diat_param *const *params;   /* NULL-terminated; only appended to within one ABI major */
} diat_effect;

/* ---- what the host brings --------------------------------------------------------------------------------------------------- */

typedef struct diat_host {
  uint32_t    size;
  uint32_t    abi_minor;    /* DIAT_ABI_MINOR */
  const char *name;         /* of the program, for logs; optional, as is version */
  const char *version;
  const char *const *resource_dirs;   /* NULL-terminated list of folders with manifests/ and models/, searched first and in this
                                         order; NULL: none. A relative path is taken from the working directory. */
  uint32_t    max_threads;            /* that one render may use; 0: the plug-in decides */
  uint32_t    reserved;
  void       *ctx;                    /* given back to the two functions below */
  void      (DIAT_CALL *log)(void *ctx, int32_t level, const char *text);      /* [any] optional; enum diat_level, one line */
  const void *(DIAT_CALL *extension)(void *ctx, const char *id);               /* [any] optional; NULL for what it does not know */
} diat_host;

/* ---- one render ------------------------------------------------------------------------------------------------------------- */

typedef struct diat_job {
  uint32_t        size;
  uint32_t        n_values;   /* at most as many as the effect has parameters */
  const double   *values;     /* in the descriptor's order; those left out at the end take their default. NaN is E_ARGUMENT */
  const diat_image *in;       /* the whole picture */
  const diat_image *out;      /* same format, alpha, primaries and transfer as `in`; need not be initialised. Either the same
                                 data, stride and rect as `in` (in place), or no byte in common, padding included */
  diat_rect       roi;        /* inside both rects; exactly these pixels of `out` are written, all of them; w or h may be 0 */
  double          time;       /* seconds; NaN for a still */
  void           *ctx;        /* given back to progress */
  /* Optional. `done` starts at 0 or above, never falls, and never exceeds 1; `stage` is for people. Non-zero cancels. */
  int32_t (DIAT_CALL *progress)(void *ctx, float done, const char *stage);
  char           *message;    /* optional: one line about a failure goes there, cut between two characters where it does not fit, */
  size_t          message_size;   /* NUL included; an empty string if nothing failed */
} diat_job;

/* ---- the table -------------------------------------------------------------------------------------------------------------- */

typedef struct diat_instance diat_instance;

typedef struct diat_plugin {
  uint32_t    size;
  uint32_t    abi_minor;
  const char *name;
  const char *version;
  const char *vendor;
  const char *url;
  const char *licence;      /* of the code: an SPDX expression */
  const diat_effect *const *effects;   /* NULL-terminated, by id. No weights are read to list them */

  /* [any] Opens an effect of the list that belongs to `host`'s resource_dirs. Weights are read by the first render that
   * needs them. *instance is NULL on failure. `message` as in diat_job. */
  diat_status (DIAT_CALL *open)(const char *effect_id, const diat_host *host, diat_instance **instance,
                                char *message, size_t message_size);
  /* [serial] A render depends on its job, on points given by diat.faces/1, and on nothing else. */
  diat_status (DIAT_CALL *render)(diat_instance *, const diat_job *);
  /* [any] Waits for a call that is under way. NULL is fine. */
  void (DIAT_CALL *close)(diat_instance *);
  /* [any] A struct of functions by its id, such as DIAT_EXTENSION_REPORT; NULL for what it does not know. */
  const void *(DIAT_CALL *extension)(const char *id);
} diat_plugin;

/* The one exported symbol. [any] NULL: this host is not acceptable; its log says why. Calls with equal resource_dirs give the
 * same pointer, however the other fields differ; what is on the disk is looked at by the first of them. */
typedef const diat_plugin *(DIAT_CALL *diat_plugin_v1_fn)(const diat_host *);
DIAT_EXPORT const diat_plugin *DIAT_CALL diat_plugin_v1(const diat_host *);

/* ---- extension diat.report/1: what the last render did ---------------------------------------------------------------------- */

#define DIAT_EXTENSION_REPORT "diat.report/1"

typedef struct diat_face {
  uint32_t    size;
  uint32_t    code;             /* enum diat_face_code */
  double      x, y, w, h;       /* its box, in picture coordinates */
  double      points[10];       /* x, y of the eye at the left of the picture, the eye at its right, the nose, the corner of the
                                   mouth at its left, the one at its right; in picture coordinates */
  double      confidence;       /* 0..1 */
  double      score_before;     /* 0..1, of the attribute in the picture; NaN where the effect has no judge */
  double      score_after;      /* the same of the change at full strength; NaN also where the face was not edited */
} diat_face;

typedef struct diat_stage {
  uint32_t    size;
  uint32_t    reserved;
  const char *name;             /* detect, landmarks, warp, network, grain, composite; new ones may come */
  double      seconds;
} diat_stage;

typedef struct diat_report {
  uint32_t    size;
  uint32_t    n_faces;
  const diat_face *const *faces;     /* n_faces pointers: every face found or given, refused ones too */
  const char *runtime;               /* that ran the network: "ONNX Runtime 1.32.0", "tract"; empty if none ran */
  const char *device;                /* where: "CPU", "CUDA:0"; empty if none ran */
  const char *notes;                 /* lines for people: why it ran there and not where it was asked to, and the like */
  uint32_t    n_stages;
  uint32_t    reserved;
  const diat_stage *const *stages;   /* n_stages pointers, in the order in which they ran; what did not run is absent */
} diat_report;

typedef struct diat_report_extension {
  uint32_t    size;
  uint32_t    reserved;
  /* [serial] The report of the instance's last render; an empty one before the first. It and all it points to live until the
   * next render() or close() of the instance. */
  diat_status (DIAT_CALL *last)(diat_instance *, const diat_report **);
} diat_report_extension;

/* ---- extension diat.faces/1: points from the host instead of found ---------------------------------------------------------- */

#define DIAT_EXTENSION_FACES "diat.faces/1"

typedef struct diat_faces_extension {
  uint32_t    size;
  uint32_t    reserved;
  /* [serial] Ten finite numbers a face, as diat_face.points, for all renders from here on; 0 faces (points may then be NULL)
   * go back to finding them. At most 1024 faces. */
  diat_status (DIAT_CALL *set)(diat_instance *, const double *points, uint32_t n_faces);
} diat_faces_extension;

#ifdef __cplusplus
}
#endif
#endif
