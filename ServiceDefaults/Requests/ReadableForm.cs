using EnterprisePortal.Contracts.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace EnterprisePortal.ServiceDefaults.Requests;

/// <summary>
/// The form as every reader gets it, whichever is first: a page, the anti-forgery check, a handler. A body that is no form, or that cannot
/// be read, is the caller's mistake, and values are stripped of characters that nobody types (<see cref="PlainText"/>).
/// </summary>
sealed class ReadableForm(HttpRequest request, FormOptions limits) : IFormFeature
{
    readonly FormFeature form = new(request, limits);

    public bool HasFormContentType => form.HasFormContentType;

    public IFormCollection? Form { get; set; }

    public IFormCollection ReadForm() => Form ?? ReadFormAsync(CancellationToken.None).GetAwaiter().GetResult();

    public async Task<IFormCollection> ReadFormAsync(CancellationToken cancellationToken)
    {
        if (Form is not null)
            return Form;
        if (!HasFormContentType)
            throw new BadHttpRequestException("This address takes a form.", StatusCodes.Status415UnsupportedMediaType);
        try
        {
            return Form = Plain(await form.ReadFormAsync(cancellationToken));
        }
        // A boundary that is too long, more fields than anybody fills in, invalid escapes, a part that breaks off.
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or IOException and not BadHttpRequestException)
        {
            throw new BadHttpRequestException("This form cannot be read.", StatusCodes.Status400BadRequest, e);
        }
    }

    static FormCollection Plain(IFormCollection read)
    {
        var plain = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in read)
            plain[name] = name.Contains('\0') || values.Any(value => value?.Contains('\0') == true)
                ? throw new InvalidDataException("A form cannot contain U+0000.")
                : new([.. values.Select(value => value is null ? null : PlainText.Of(value))]);
        return new(plain, read.Files);
    }
}
