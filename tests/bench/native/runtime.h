/* The instructions of WebAssembly that kernels and runs are made of, in C for gcc on x86-64 with SSE 4.1. */
#include <immintrin.h>
#include <math.h>
#include <string.h>

typedef double v128 __attribute__((vector_size(16)));
typedef long long i2 __attribute__((vector_size(16)));
typedef unsigned long long u2 __attribute__((vector_size(16)));
typedef int i4 __attribute__((vector_size(16)));
typedef int i32;
typedef double f64;
typedef struct { v128 a, b; } pair;

extern char *M;
#define AT(p, o) (M + (unsigned)(p) + (o))
static inline v128 load(i32 p, unsigned o) { return _mm_loadu_pd((double *)AT(p, o)); }
static inline void store(i32 p, unsigned o, v128 x) { _mm_storeu_pd((double *)AT(p, o), x); }
static inline f64 load_f64(i32 p, unsigned o) { f64 x; memcpy(&x, AT(p, o), 8); return x; }
static inline void store_f64(i32 p, unsigned o, f64 x) { memcpy(AT(p, o), &x, 8); }
static inline i32 load_i32(i32 p, unsigned o) { i32 x; memcpy(&x, AT(p, o), 4); return x; }
static inline v128 bits(unsigned long long low, unsigned long long high) { return (v128)(u2){low, high}; }
static inline v128 bitselect(v128 a, v128 b, v128 mask) { return (v128)(((i2)a & (i2)mask) | ((i2)b & ~(i2)mask)); }
static inline i32 any_true(v128 a) { return !_mm_testz_si128((__m128i)a, (__m128i)a); }
static inline v128 replace(v128 a, int lane, f64 x) { a[lane] = x; return a; }
static inline v128 absolute(v128 a) { return (v128)((i2)a & (i2){0x7fffffffffffffffll, 0x7fffffffffffffffll}); }
/* Operands are numbers where these are used, so that NaN needs no care. */
#define minimum(a, b) _mm_min_pd(a, b)
#define maximum(a, b) _mm_max_pd(a, b)
static inline i32 truncate(f64 x) { return x != x ? 0 : x >= 2147483647.0 ? 2147483647 : x <= -2147483648.0 ? -2147483647 - 1 : (i32)x; }
