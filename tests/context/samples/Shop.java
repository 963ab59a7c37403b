package com.example.shop;

import java.util.List;
import java.util.function.*;
import static com.example.shop.Prices.priceOf;

@Service
public class Shop<T extends Stored> extends Base implements Iterable<T> {
    public static final double VAT_RATE = 0.2;
    private final List<T> names, others;

    public Shop(List<T> names) {
        this.names = names;
    }

    @Override
    public double total() {
        double sum = 0;
        for (T name : names) {
            sum += priceOf(name);
        }
        return sum * (1 + VAT_RATE);
    }

    interface Visitor {
        int LIMIT = 20;
        void visit(String name);
    }

    enum Kind {
        FOOD("food"), TOOLS("tools");

        private final String label;

        Kind(String label) {
            this.label = label;
        }
    }
}

record Price(double net, String currency) {
    Price {
        assert net >= 0;
    }
}

@interface Service {
    String value() default "";
}
