using System.Net;
using System.Text.RegularExpressions;
using EnterprisePortal.Contracts.Accounts;
using MimeKit;

namespace EnterprisePortal.Identity.Mail;

/// <summary>A mail of an enterprise that has chosen a name or a color: the same words once more as HTML, under both.</summary>
static partial class BrandedMail
{
    const string Dark = "#1d2026";

    public static MimeEntity Body(string text, Brand? brand)
    {
        var plain = new TextPart("plain") { Text = text };
        return brand is { Name: null, Accent: null } or null ? plain
            : new MultipartAlternative { plain, new TextPart("html") { Text = Html(text, brand) } };
    }

    // No picture and nothing else to load: mail programs would ask first, and who opens a mail is nobody's business.
    static string Html(string text, Brand brand)
    {
        var (name, color) = (WebUtility.HtmlEncode(brand.Name ?? "Enterprise Portal"), brand.Accent ?? Dark);
        var words = Address().Replace(WebUtility.HtmlEncode(text), $"<a href=\"$0\" style=\"color:{color}\">$0</a>");
        return $"""
            <!DOCTYPE html>
            <html lang="en"><body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif;color:{Dark}">
            <p style="margin:0 0 16px;padding:12px 16px;background:{color};color:#ffffff;font-weight:600">{name}</p>
            <div style="white-space:pre-line">{words}</div>
            </body></html>
            """;
    }

    [GeneratedRegex(@"https?://[^\s<]+")]
    private static partial Regex Address();
}
