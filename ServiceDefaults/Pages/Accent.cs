using System.Globalization;

namespace EnterprisePortal.ServiceDefaults.Pages;

/// <summary>An enterprise's color where pages have their accent: links, what is chosen, and buttons with text on them.</summary>
public sealed class Accent
{
    /// <summary>Of text, by WCAG 2.2 (1.4.3).</summary>
    public const double Least = 4.5;

    // tokens.css: what is white or dark there, and the ground that a link stands on.
    static readonly Rgb White = Rgb.Read("#ffffff")!, LightGround = Rgb.Read("#f6f6f3")!, DarkGround = Rgb.Read("#22262d")!,
        OnDark = Rgb.Read("#0f1830")!;

    Accent(Rgb color)
    {
        Light = color;
        LightTint = color.Towards(White, .9);
        DarkTint = color.Towards(DarkGround, .75);
        Dark = Enumerable.Range(0, 20).Select(step => color.Towards(White, step * .05))
            .First(lighter => Lowest(lighter, DarkGround, DarkTint, OnDark) >= Least);
        Contrast = Lowest(Light, White, LightGround, LightTint);
    }

    public Rgb Light { get; }
    public Rgb LightTint { get; }
    /// <summary>The color itself or a lighter one, which can be read on dark pages.</summary>
    public Rgb Dark { get; }
    public Rgb DarkTint { get; }

    /// <summary>The lowest that text has with it on a light page.</summary>
    public double Contrast { get; }

    public bool IsReadable => Contrast >= Least;

    /// <param name="text"><c>#2b57c9</c></param>
    /// <returns>null: not a color.</returns>
    public static Accent? Read(string? text) => Rgb.Read(text) is { } color ? new(color) : null;

    /// <summary>For tokens.css's names; outside its layers, so that it wins.</summary>
    public string Css => $$"""
        :root:not([data-site]) {
          --accent: light-dark({{Light}}, {{Dark}}); --accent-ground: light-dark({{LightTint}}, {{DarkTint}});
          --on-accent: light-dark(#ffffff, {{OnDark}});
        }
        """;

    static double Lowest(Rgb text, params Rgb[] grounds) => grounds.Min(text.ContrastWith);

    /// <summary>Each from 0 to 1.</summary>
    public sealed record Rgb(double Red, double Green, double Blue)
    {
        public static Rgb? Read(string? text) =>
            text is ['#', _, _, _, _, _, _]
            && int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits)
            ? new((bits >> 16) / 255d, (bits >> 8 & 255) / 255d, (bits & 255) / 255d) : null;

        public override string ToString() => $"#{Byte(Red):x2}{Byte(Green):x2}{Byte(Blue):x2}";

        public Rgb Towards(Rgb other, double share) => Read(new Rgb(
            Red + ((other.Red - Red) * share), Green + ((other.Green - Green) * share), Blue + ((other.Blue - Blue) * share)).ToString())!;

        /// <summary>https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio</summary>
        public double ContrastWith(Rgb other)
        {
            var (one, two) = (Luminance, other.Luminance);
            return (Math.Max(one, two) + .05) / (Math.Min(one, two) + .05);
        }

        double Luminance => (.2126 * Linear(Red)) + (.7152 * Linear(Green)) + (.0722 * Linear(Blue));

        static double Linear(double value) => value <= .04045 ? value / 12.92 : Math.Pow((value + .055) / 1.055, 2.4);

        static int Byte(double value) => (int)Math.Round(value * 255);
    }
}
