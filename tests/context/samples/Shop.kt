package com.example.shop

import com.example.prices.Price
import com.example.taxes.Vat as Tax
import kotlin.math.*

const val VAT_RATE = 0.2
typealias Names = List<String>

enum class Kind(val label: String) {
    FOOD("food"),
    TOOLS("tools");

    fun short() = label.take(1)
}

interface Stored {
    val id: String
    fun save(path: String)
}

data class Item(val name: String, var count: Int)

class Basket<T : Stored>(private val names: Names) : Base(), Iterable<T> {
    var limit = 20
        private set

    val total: Double
        get() = names.sumOf { priceOf(it) } * (1 + VAT_RATE)

    constructor(one: String) : this(listOf(one))

    fun add(name: String): Basket<T> {
        val trimmed = name.trim()
        return Basket(names + trimmed)
    }

    companion object {
        fun empty() = Basket<Stored>(emptyList())
    }
}

object Prices {
    val known = mutableMapOf<String, Price>()
}

fun String.priceOf(): Double = Prices.known[this]?.net ?: 0.0

fun main(args: Array<String>) {
    println(Basket<Stored>(args.toList()).total)
}
