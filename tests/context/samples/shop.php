<?php

namespace Example\Shop;

use Example\Prices\Price;
use Example\Taxes\{Vat, Customs as Duty};
use function Example\Prices\price_of;
require_once 'config/settings.php';

const VAT_RATE = 0.2;
define('LIMIT', 20);

enum Kind: string
{
    case Food = 'food';
    case Tools = 'tools';
}

interface Stored
{
    public function save(string $path): void;
}

trait Counts
{
    private int $count = 0;
}

final class Basket extends Base implements Stored
{
    use Counts;

    public const LIMIT = 20;
    private array $names = [], $others;

    public function __construct(private readonly string $owner)
    {
        $this->names = [];
    }

    public function total(): float
    {
        $sum = 0;
        foreach ($this->names as $name) {
            $sum += price_of($name);
        }
        return $sum * (1 + self::LIMIT);
    }

    public function save(string $path): void
    {
        file_put_contents($path, $this->owner);
    }
}

function main(array $args): int
{
    $basket = new Basket($args[0]);
    return $basket->total() > 0 ? 0 : 1;
}
