#include <vector>
#include "shop/price.hpp"

using std::string;
using namespace shop::taxes;
using Names = std::vector<string>;

namespace shop {

constexpr double vat_rate = 0.2;

enum class Kind : int { Food, Tools };

template <typename T>
concept Stored = requires(T t) { t.save(); };

template <typename T>
class Basket final : public Base<T> {
public:
    explicit Basket(Names names) : names_(std::move(names)) {}
    ~Basket() override = default;

    double total() const;

    static int limit;

    T &operator[](size_t index) {
        return items_[index];
    }

private:
    Names names_;
    std::vector<T> items_;

    friend struct Printer;
};

struct Printer {
    int width = 80;
    void print(const Basket<int> &basket) const {
        std::cout << basket.total();
    }
};

template <typename T>
double Basket<T>::total() const {
    double sum = 0;
    for (const auto &name : names_) {
        sum += price_of(name);
    }
    return sum * (1 + vat_rate);
}

auto helper = [](int x) { return x; };

}  // namespace shop

int main(int argc, char **argv)
{
    shop::Basket<int> basket{{argv + 1, argv + argc}};
    return basket.total() > 0;
}
