#include <stdio.h>
#include "shop/basket.h"

#define VAT_RATE 0.2
#define MAX(a, b) ((a) > (b) ? (a) : (b))

typedef unsigned int kind_t;

enum kind { FOOD, TOOLS = 4 };

struct basket {
    char **names;
    size_t count, room;
    int (*compare)(const char *, const char *);
    struct basket *next;
};

typedef struct {
    double net;
} price;

typedef int (*visitor)(struct basket *);

union bits {
    double whole;
    unsigned char parts[8];
};

static struct basket *first = NULL;
extern int counter;

double basket_total(const struct basket *basket);

static int
compare_names(const char *one, const char *other)
{
    return strcmp(one, other);
}

struct basket *basket_new(int count) {
    struct basket *basket = malloc(sizeof *basket);
    basket->count = MAX(count, 1);
#ifdef DEBUG
    printf("%d\n", count);
#endif
    return basket;
}
